/** Pictures: s-icon, s-image, s-avatar and s-thumbnail. */
import { PolarisElement, define } from "./element.js";
import { iconSvg } from "./icons.js";
import { hostRules, TONES } from "./tokens.js";

class Icon extends PolarisElement {
  static properties = {
    type: "text",
    tone: "text",
    color: "text",
    size: "text",
    interestFor: "text",
  };
  static css =
    ":host { display: inline-block; vertical-align: middle; inline-size: fit-content; } :host([size=small]) svg { width: 16px; height: 16px; } :host([color=subdued]) { color: #616161; }";
  static template = "<span></span>";

  update() {
    this.part("span").innerHTML = iconSvg(this.type);
    this.part("span").style.color = TONES[this.tone] ?? "";
  }
}

class Picture extends PolarisElement {
  static properties = {
    src: "text",
    alt: "text",
    srcSet: "text",
    sizes: "text",
    loading: "text",
    aspectRatio: "text",
    objectFit: "text",
    inlineSize: "text",
    accessibilityRole: "text",
    border: "text",
    borderColor: "text",
    borderRadius: "text",
    borderStyle: "text",
    borderWidth: "text",
  };
  static css =
    ":host { display: block; overflow: hidden; } :host([inlinesize=auto]) { display: inline-block; } img { display: block; width: 100%; height: 100%; }";
  static template = "<style></style><img>";

  update() {
    const img = this.part("img");
    img.alt = this.alt;
    img.loading = this.loading || "eager";
    img.style.aspectRatio = this.aspectRatio || "1/1";
    img.style.objectFit = this.objectFit || "contain";
    for (const name of ["sizes", "srcset", "src"])
      if (this.hasAttribute(name)) img.setAttribute(name, this.getAttribute(name));
    this.part("style").textContent = hostRules(this, [
      "border",
      "borderColor",
      "borderRadius",
      "borderStyle",
      "borderWidth",
    ]);
  }
}

const AVATAR_SIZES = {
  "small-200": 20,
  "small-100": 24,
  small: 24,
  base: 28,
  large: 32,
  "large-100": 32,
  "large-200": 40,
};
const AVATAR_INKS = ["#3c4aa8", "#1f5f4a", "#7a2e6b", "#8a4b00", "#215a80"];

function inkOf(words) {
  let sum = 0;
  for (const letter of words) sum += letter.codePointAt(0);
  return AVATAR_INKS[sum % AVATAR_INKS.length];
}

class Avatar extends PolarisElement {
  static properties = { initials: "text", src: "text", size: "text", alt: "text" };
  static css = `
    :host { display: inline-block; vertical-align: middle; inline-size: fit-content; }
    span { display: grid; place-items: center; border-radius: 8px; overflow: hidden; color: #fff; font-weight: 600; font-size: 11px; line-height: 1; }
    img { width: 100%; height: 100%; object-fit: cover; }
  `;
  static template = '<span role="img"></span>';

  update() {
    const face = this.part("span");
    const size = AVATAR_SIZES[this.size] ?? AVATAR_SIZES.base;
    face.style.width = face.style.height = `${size}px`;
    face.style.background = inkOf(this.initials || this.alt);
    face.setAttribute("aria-label", this.alt || this.initials || "Avatar");
    if (this.src) face.innerHTML = '<img alt="">';
    else face.textContent = this.initials.slice(0, 2).toUpperCase();
    if (this.src) face.firstChild.src = this.src;
  }
}

class Thumbnail extends PolarisElement {
  static properties = { src: "text", alt: "text", size: "text" };
  static css = `
    :host { display: inline-block; vertical-align: middle; inline-size: fit-content; }
    span { display: grid; place-items: center; border: 1px solid #e3e3e3; border-radius: 8px; overflow: hidden; background: #fff; color: #8a8a8a; }
    img { width: 100%; height: 100%; object-fit: cover; }
  `;
  static template = "<span></span>";

  update() {
    const face = this.part("span");
    const size =
      { "small-200": 24, "small-100": 32, small: 32, base: 40, large: 60, "large-100": 80 }[
        this.size
      ] ?? 40;
    face.style.width = face.style.height = `${size}px`;
    face.innerHTML = this.src ? '<img alt="">' : iconSvg("product");
    if (!this.src) return;
    face.firstChild.src = this.src;
    face.firstChild.alt = this.alt;
  }
}

export function defineMedia() {
  define("s-icon", Icon);
  define("s-image", Picture);
  define("s-avatar", Avatar);
  define("s-thumbnail", Thumbnail);
}
