/** Words: s-text, s-paragraph, s-heading and s-number. */
import { PolarisElement, define } from "./element.js";
import { TONES } from "./tokens.js";

const SIZES = {
  "small-200": "11px",
  "small-100": "12px",
  small: "12px",
  base: "13px",
  large: "14px",
  "large-100": "14px",
  "large-200": "16px",
  "large-300": "20px",
  "large-400": "24px",
  "large-500": "30px",
};
const WEIGHTS = { base: 450, medium: 550, semibold: 600, bold: 700 };

const TEXT_PROPERTIES = {
  color: "text",
  tone: "text",
  fontSize: "text",
  fontWeight: "text",
  fontVariantNumeric: "text",
  accessibilityVisibility: "text",
};

const TEXT_CSS = `
  :host { color: inherit; }
  .words.hushed { color: var(--p-subdued); }
  .words.strong { font-weight: 650; }
  .words.tabular { font-variant-numeric: tabular-nums; }
  .words.redundant { text-decoration: line-through; }
  .words.clamped { display: -webkit-box; -webkit-box-orient: vertical; overflow: hidden; }
`;

function styleWords(element, words) {
  const { tone, color, fontSize, fontWeight, lineClamp } = element;
  words.className = "words";
  words.classList.toggle("hushed", color === "subdued");
  words.classList.toggle("tabular", element.fontVariantNumeric === "tabular-nums");
  words.classList.toggle("visually-hidden", element.accessibilityVisibility === "exclusive");
  words.classList.toggle("clamped", Boolean(lineClamp));
  words.style.webkitLineClamp = lineClamp || "";
  words.style.color = tone && tone !== "auto" && tone !== "neutral" ? TONES[tone] : "";
  words.style.fontSize = SIZES[fontSize] ?? "";
  words.style.lineHeight = SIZES[fontSize] && fontSize.startsWith("large-") ? "1.25" : "";
  words.style.fontWeight = WEIGHTS[fontWeight] ?? "";
  if (element.accessibilityVisibility === "hidden") element.setAttribute("aria-hidden", "true");
}

class Text extends PolarisElement {
  static properties = { ...TEXT_PROPERTIES, type: "text", dir: "text", interestFor: "text" };
  static css = `${TEXT_CSS} :host { display: inline; }`;
  static template = '<span class="words"><slot></slot></span>';

  update() {
    const words = this.part(".words");
    styleWords(this, words);
    words.classList.toggle("strong", this.type === "strong");
    words.classList.toggle("redundant", this.type === "redundant");
  }
}

class Paragraph extends PolarisElement {
  static properties = { ...TEXT_PROPERTIES, dir: "text", lineClamp: "text" };
  static css = `${TEXT_CSS} :host { display: block; font-size: 13px; line-height: 20px; } p { margin: 0; }`;
  static template = '<p class="words"><slot></slot></p>';

  update() {
    styleWords(this, this.part(".words"));
  }
}

class NumberText extends PolarisElement {
  static properties = {
    tone: "text",
    color: "text",
    fontSize: "text",
    fontWeight: "text",
    accessibilityVisibility: "text",
    dir: "text",
  };
  static css = `${TEXT_CSS} :host { font-variant-numeric: tabular-nums; }`;
  static template = '<span class="words"><slot></slot></span>';

  update() {
    styleWords(this, this.part(".words"));
  }
}

/** The level of a heading is the page's 1 plus the sections it stands in, at most 6. */
function levelOf(element) {
  let level = 2;
  for (
    let section = element.parentElement?.closest("s-section");
    section;
    section = section.parentElement?.closest("s-section")
  )
    level += 1;
  return Math.min(level, 6);
}

class Heading extends PolarisElement {
  static properties = {
    fontSize: "text",
    accessibilityRole: "text",
    accessibilityVisibility: "text",
    lineClamp: "text",
  };
  static css = `${TEXT_CSS} :host { display: block; font-size: 14px; line-height: 20px; font-weight: 600; color: var(--p-ink); }`;
  static template = '<div class="words"><slot></slot></div>';

  update() {
    const words = this.part(".words");
    styleWords(this, words);
    const plain = ["none", "presentation"].includes(this.accessibilityRole);
    words.setAttribute("role", plain ? "presentation" : "heading");
    if (plain) words.removeAttribute("aria-level");
    else words.setAttribute("aria-level", levelOf(this));
  }
}

export function defineText() {
  define("s-text", Text);
  define("s-paragraph", Paragraph);
  define("s-number", NumberText);
  define("s-heading", Heading);
}
