/* The elements that are used or that tell of something: buttons, a select, links, banners, progress, icons. */
import { Drawn } from "./drawn.js";

class Button extends Drawn {
  static formAssociated = true;
  static observedAttributes = [
    "variant",
    "tone",
    "disabled",
    "loading",
    "href",
    "accessibilitylabel",
    "inlinesize",
  ];
  static style = `
    :host { display: inline-block }
    button, a { position: relative; display: inline-flex; align-items: center; justify-content: center; gap: 8px; width: 100%; min-height: 40px; padding: 8px 16px;
      border: 1px solid var(--green); border-radius: var(--radius-small); background: transparent; color: var(--green); font: inherit; font-weight: 600; line-height: 1.3;
      text-decoration: none; cursor: pointer }
    .primary { background: var(--green); color: var(--on-green) }
    .plain, .tertiary { border-color: transparent; padding-inline: 6px; text-decoration: underline; text-underline-offset: 3px }
    .critical { color: var(--bad); border-color: var(--bad) }
    [disabled], [aria-disabled] { opacity: .6; cursor: default }
    .busy span { visibility: hidden } .busy .ring { position: absolute }`;

  constructor() {
    super();
    this.internals = this.attachInternals();
    this.addEventListener("click", (event) => this.clicked(event));
  }

  /* A button that loads keeps the focus and does nothing. */
  clicked(event) {
    if (this.is("loading")) event.stopImmediatePropagation();
    else if (this.getAttribute("command") === "--copy")
      document.getElementById(this.getAttribute("commandfor"))?.copy();
    else if (this.getAttribute("type") === "submit") this.internals.form?.requestSubmit();
  }

  html() {
    const busy = this.is("loading");
    const kind = `${this.text("variant") || "auto"} ${this.text("tone")} ${busy ? "busy" : ""}`;
    const label = this.hasAttribute("accessibilitylabel")
      ? `aria-label="${this.text("accessibilitylabel")}"`
      : "";
    if (this.hasAttribute("inlinesize"))
      this.style.display = this.getAttribute("inlinesize") === "fill" ? "block" : "";
    const inside = `<span><slot></slot></span>${busy ? '<i class="ring"></i>' : ""}`;
    if (this.hasAttribute("href"))
      return `<a class="${kind}" href="${this.text("href")}" target="_top" ${label}>${inside}</a>`;
    const off = this.is("disabled") ? "disabled" : "";
    const waits = busy ? 'aria-busy="true" aria-disabled="true"' : "";
    return `<button type="button" class="${kind}" ${off} ${waits} ${label}>${inside}</button>`;
  }
}

/* A native select drawn from the s-option elements inside; its value is that of the chosen one. */
class Select extends Drawn {
  static observedAttributes = ["label", "value", "disabled"];
  static style = `
    :host { display: block }
    label { display: grid; gap: 2px; font-size: 13px }
    select { min-height: 40px; padding: 6px 10px; border: 1px solid var(--line); border-radius: var(--radius-small); background: transparent; color: inherit; font: inherit }
    slot { display: none }`;

  get value() {
    return this.getAttribute("value") ?? "";
  }

  set value(chosen) {
    this.setAttribute("value", chosen);
  }

  connectedCallback() {
    super.connectedCallback();
    new MutationObserver(() => this.draw()).observe(this, { childList: true, subtree: true });
  }

  html() {
    return `<label>${this.text("label")}<select ${this.is("disabled") ? "disabled" : ""}></select></label><slot></slot>`;
  }

  draw() {
    super.draw();
    const select = this.shadowRoot.querySelector("select");
    for (const option of this.querySelectorAll("s-option")) {
      const value = option.getAttribute("value") ?? "";
      select.append(new Option(option.textContent, value, false, value === this.value));
    }
    select.addEventListener("change", () => {
      this.value = select.value;
      this.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

class Link extends Drawn {
  static observedAttributes = ["href", "accessibilitylabel"];
  static style =
    "a, button { color: inherit; font: inherit; background: none; border: 0; padding: 0; text-decoration: underline; text-underline-offset: 3px; cursor: pointer }";

  html() {
    return this.hasAttribute("href")
      ? `<a href="${this.text("href")}" target="_top"><slot></slot></a>`
      : '<button type="button"><slot></slot></button>';
  }
}

class Clickable extends Drawn {
  static observedAttributes = ["href", "disabled", "accessibilitylabel", "padding"];
  static style =
    "button { display: block; width: 100%; text-align: inherit; color: inherit; font: inherit; background: none; border: 0; padding: 0; cursor: pointer }";

  html() {
    return `<button type="button" ${this.is("disabled") ? "disabled" : ""} aria-label="${this.text("accessibilitylabel")}"><slot></slot></button>`;
  }
}

class Banner extends Drawn {
  static observedAttributes = ["heading", "tone", "dismissible", "hidden"];
  static style = `
    :host { display: block }
    section { display: grid; gap: 4px; padding: 12px 14px; border: 1px solid var(--line); border-radius: var(--radius-small); background: var(--wash); position: relative }
    .success { background: var(--good-wash); border-color: transparent; color: var(--good) }
    .critical, .warning { background: var(--bad-wash); border-color: transparent; color: var(--bad) }
    b { font-weight: 600 } .body { color: var(--ink) }
    button { position: absolute; top: 4px; right: 4px; width: 36px; height: 36px; border: 0; background: none; color: inherit; font-size: 18px; cursor: pointer }`;

  html() {
    const tone = this.text("tone") || "auto";
    const role = tone === "critical" ? "alert" : "status";
    const heading = this.hasAttribute("heading") ? `<b>${this.text("heading")}</b>` : "";
    const close = this.is("dismissible")
      ? '<button type="button" aria-label="Close">×</button>'
      : "";
    return `<section role="${role}" class="${tone}">${heading}<div class="body"><slot></slot></div>${close}</section>`;
  }

  draw() {
    super.draw();
    this.shadowRoot.querySelector("button")?.addEventListener("click", () => {
      this.hidden = true;
      this.dispatchEvent(new Event("dismiss"));
    });
  }
}

class Spinner extends Drawn {
  static observedAttributes = ["size", "accessibilitylabel"];
  static style = ":host { display: inline-block; color: var(--green) }";

  html() {
    const label = this.text("accessibilitylabel");
    return `<i class="ring" ${label ? `role="img" aria-label="${label}"` : 'aria-hidden="true"'}></i>`;
  }
}

class Skeleton extends Drawn {
  static style = `
    :host { display: block }
    i { display: block; height: .8em; margin: .4em 0; border-radius: 4px; background: var(--line) } i:last-child { width: 62% }`;

  html() {
    return "<i></i><i></i>";
  }
}

class Progress extends Drawn {
  static observedAttributes = ["value", "max", "accessibilitylabel", "tone"];
  static style =
    ":host { display: block } progress { width: 100%; height: 8px; accent-color: var(--green) }";

  html() {
    return `<progress value="${this.text("value")}" max="${this.text("max") || "1"}" aria-label="${this.text("accessibilitylabel")}"></progress>`;
  }
}

class Icon extends Drawn {
  static observedAttributes = ["type", "tone"];
  static style =
    ":host { display: inline-block; width: 1.2em } svg { width: 1.1em; height: 1.1em; vertical-align: -.15em; fill: none; stroke: currentColor; stroke-width: 1.6 }";

  html() {
    const path = ICONS[this.getAttribute("type")] ?? ICONS.star;
    return `<svg viewBox="0 0 20 20" aria-hidden="true"><path d="${path}"/></svg>`;
  }
}

const ICONS = {
  star: "M10 2.500l2.300 4.900 5.200.7-3.800 3.700.9 5.300L10 14.500l-4.600 2.600.9-5.300L2.500 8.100l5.200-.7z",
  discount: "M3 9V3h6l8 8-6 6zM6.500 6.500h.01",
  gift: "M3 8h14v3H3zM4.500 11v6h11v-6M10 8v9M10 8C7 8 5.500 3 8 3s2 5 2 5 0-5 2-5 1 5-2 5",
  delivery:
    "M2 5h10v9H2zM12 8h3l3 3v3h-6M5.500 16.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3zM14.500 16.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3z",
  "check-circle": "M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM6.500 10.200l2.500 2.600 4.600-5.300",
  bag: "M4.500 7h11l.8 10H3.700zM7.500 9V5.500a2.500 2.500 0 0 1 5 0V9",
  "cash-dollar":
    "M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12.500 7.500C12 6.500 11 6.200 10 6.200c-1.500 0-2.500.8-2.500 1.900 0 2.700 5 1.200 5 3.900 0 1.100-1 1.900-2.500 1.900-1.200 0-2.200-.4-2.700-1.400M10 4.800v10.400",
  "gift-card": "M2.500 5h15v10.500h-15zM2.500 9h15M7 5v10.500",
  checkmark: "M4 10.500l4 4 8-9",
  info: "M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM10 9v5M10 6h.01",
};

customElements.define("s-button", Button);
customElements.define("s-select", Select);
customElements.define("s-link", Link);
customElements.define("s-clickable", Clickable);
customElements.define("s-banner", Banner);
customElements.define("s-spinner", Spinner);
customElements.define("s-progress", Progress);
customElements.define("s-icon", Icon);
customElements.define("s-skeleton-paragraph", Skeleton);
