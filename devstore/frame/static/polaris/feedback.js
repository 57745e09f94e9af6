/** What tells the merchant something: s-badge, s-banner, s-spinner, s-progress and s-chip. */
import { PolarisElement, define } from "./element.js";
import { iconSvg } from "./icons.js";

class Badge extends PolarisElement {
  static properties = { tone: "text", color: "text", icon: "text", size: "text" };
  static css = `
    :host { display: inline-flex; vertical-align: middle; inline-size: fit-content; }
    .badge { display: inline-flex; align-items: center; gap: 2px; padding: 2px 8px; border-radius: 8px; background: #ebebeb; color: #4a4a4a; font-size: 12px; line-height: 16px; font-weight: 550; white-space: nowrap; }
    :host([size^=large]) .badge { padding: 4px 10px; font-size: 13px; }
    .badge svg { width: 16px; height: 16px; margin-inline-start: -4px; }
    :host([tone=info]) .badge { background: #d5ebff; color: #003a5a; }
    :host([tone=success]) .badge { background: #affebf; color: #014b40; }
    :host([tone=caution]) .badge { background: #fff1b8; color: #4f4700; }
    :host([tone=warning]) .badge { background: #ffd6a4; color: #5e4200; }
    :host([tone=critical]) .badge { background: #fed3d9; color: #8e0b21; }
    :host([color=strong]) .badge { background: #616161; color: #fff; }
  `;
  static template = '<span class="badge"><span class="icon" hidden></span><slot></slot></span>';

  update() {
    const icon = this.part(".icon");
    icon.hidden = !this.icon;
    icon.innerHTML = this.icon ? iconSvg(this.icon) : "";
  }
}

const BANNER_ICONS = {
  info: "info",
  success: "check-circle",
  warning: "alert-triangle",
  critical: "alert-circle",
};

class Banner extends PolarisElement {
  static properties = { tone: "text", heading: "text", dismissible: "boolean", hidden: "boolean" };
  static css = `
    :host { display: block; color: var(--p-ink); font-size: 13px; line-height: 20px; }
    .banner { --strip: #e0f0ff; --strip-ink: #002133; border-radius: 12px; overflow: clip; background: #fff; box-shadow: 0 1px 0 0 rgb(26 26 26 / .07), inset 0 0 0 1px rgb(0 0 0 / .08); }
    .banner.info { --strip: #91d0ff; --strip-ink: #002133; }
    .banner.success { --strip: #92fcac; --strip-ink: #012b21; }
    .banner.warning { --strip: #ffb800; --strip-ink: #251a00; }
    .banner.critical { --strip: #c70a24; --strip-ink: #fff; }
    .top { display: flex; gap: 8px; align-items: flex-start; padding: 10px 12px; background: var(--strip); color: var(--strip-ink); font-weight: 600; }
    .heading { flex: 1; min-width: 0; }
    .rest { padding: 12px; display: grid; gap: 12px; }
    .untitled { display: flex; gap: 10px; align-items: flex-start; padding: 10px 12px; } .untitled .top { display: contents; }
    .untitled .icon { border-radius: 8px; padding: 4px; background: var(--strip); color: var(--strip-ink); }
    .untitled .rest { flex: 1; min-width: 0; padding: 4px 0; order: 1; } .untitled button { order: 2; color: var(--p-ink); margin-block-start: 2px; }
    .row { display: flex; flex-wrap: wrap; gap: 8px; }
    button { all: unset; cursor: pointer; border-radius: 6px; padding: 2px; } button:focus-visible { outline: 2px solid currentColor; }
    button svg, .icon svg { width: 20px; height: 20px; }
  `;
  static template = `
    <div class="banner">
      <div class="top"><span class="icon"></span><div class="heading" role="heading" aria-level="2"></div><button type="button" class="close" aria-label="Dismiss"></button></div>
      <div class="rest"><slot></slot><div class="row"><slot name="secondary-actions"></slot></div></div>
    </div>`;

  constructor() {
    super();
    this.part(".close").innerHTML = iconSvg("x");
    this.part(".close").addEventListener("click", () => this.dismiss());
    this.shadowRoot.addEventListener("slotchange", () => this.arrange());
  }

  update() {
    const tone = BANNER_ICONS[this.tone] ? this.tone : "info";
    this.part(".banner").className = `banner ${tone}`;
    this.part(".banner").classList.toggle("untitled", !this.heading);
    this.part(".icon").innerHTML = iconSvg(BANNER_ICONS[tone]);
    this.part(".heading").textContent = this.heading;
    this.part(".heading").hidden = !this.heading;
    this.part(".close").hidden = !this.dismissible;
    this.setDefaultAttribute(
      "role",
      tone === "critical" || tone === "warning" ? "alert" : "status",
    );
    this.arrange();
  }

  arrange() {
    const words = this.textContent.trim() !== "" || this.childElementCount > 0;
    this.part(".rest").hidden = !words;
    this.part(".row").hidden =
      this.part("slot[name=secondary-actions]").assignedElements().length === 0;
  }

  dismiss() {
    this.dispatchEvent(new Event("dismiss"));
    this.hidden = true;
    this.dispatchEvent(new Event("afterhide"));
  }
}

class Spinner extends PolarisElement {
  static properties = { size: "text", accessibilityLabel: "text" };
  static css = `
    :host { display: inline-block; vertical-align: middle; inline-size: fit-content; }
    span { display: block; inline-size: 20px; block-size: 20px; border-radius: 50%; border: 2.5px solid rgb(0 0 0 / .14); border-block-start-color: #303030; animation: turn .7s linear infinite; }
    :host([size^=large]) span { inline-size: 40px; block-size: 40px; border-width: 4px; }
    @keyframes turn { to { transform: rotate(1turn); } }
  `;
  static template = '<span role="img"></span>';

  update() {
    this.part("span").setAttribute("aria-label", this.accessibilityLabel || "Loading");
  }
}

const PROGRESS_INKS = {
  success: "#0c5132",
  info: "#005bd3",
  caution: "#8a6100",
  warning: "#8a6100",
  critical: "#8e0b21",
};

class Progress extends PolarisElement {
  static properties = { value: "text", max: "text", tone: "text", accessibilityLabel: "text" };
  static css = `
    :host { display: block; }
    .track { block-size: 8px; border-radius: 8px; background: #e3e3e3; overflow: hidden; }
    i { display: block; block-size: 100%; border-radius: 8px; background: #303030; }
  `;
  static template = '<div class="track" role="progressbar"><i></i></div>';

  update() {
    const max = Number(this.max) || 1;
    const value = Math.min(Math.max(Number(this.value) || 0, 0), max);
    const track = this.part(".track");
    track.setAttribute("aria-valuemin", "0");
    track.setAttribute("aria-valuemax", String(max));
    track.setAttribute("aria-valuenow", String(value));
    track.setAttribute("aria-label", this.accessibilityLabel || "Progress");
    this.part("i").style.inlineSize = `${(100 * value) / max}%`;
    this.part("i").style.background = PROGRESS_INKS[this.tone] ?? "";
  }
}

class Chip extends PolarisElement {
  static properties = { color: "text", accessibilityLabel: "text", removable: "boolean" };
  static css = `
    :host { display: inline-flex; inline-size: fit-content; }
    .chip { display: inline-flex; align-items: center; gap: 4px; padding: 4px 8px; border-radius: 8px; background: #e3e3e3; color: var(--p-ink); font-size: 12px; line-height: 16px; font-weight: 550; }
    :host([color=subdued]) .chip { background: #f1f1f1; } :host([color=strong]) .chip { background: #cccccc; }
    button { all: unset; cursor: pointer; border-radius: 4px; } button:focus-visible { outline: 2px solid var(--p-focus); } svg { width: 14px; height: 14px; }
  `;
  static template =
    '<span class="chip"><slot name="graphic"></slot><slot></slot><button type="button"></button></span>';

  constructor() {
    super();
    this.part("button").innerHTML = iconSvg("x");
    this.part("button").addEventListener("click", () => this.dispatchEvent(new Event("remove")));
  }

  update() {
    this.part("button").hidden = !this.removable;
    this.part("button").setAttribute(
      "aria-label",
      `Remove ${this.accessibilityLabel || this.textContent.trim()}`,
    );
  }
}

export function defineFeedback() {
  define("s-badge", Badge);
  define("s-banner", Banner);
  define("s-spinner", Spinner);
  define("s-progress", Progress);
  define("s-chip", Chip);
}
