/* Stand-ins for the s-* elements of Shopify's checkout: enough of each for an extension to be seen and used offline.

   Layout elements (s-stack, s-box, s-grid …) turn their attributes into styles; s-button, s-banner, s-link, s-spinner, s-progress and the
   skeletons draw themselves in a shadow root. Attribute names are those of @shopify/ui-extensions 2026.7, in lower case. */

const SPACES = {
  none: "0",
  "small-500": "2px",
  "small-400": "4px",
  "small-300": "6px",
  "small-200": "8px",
  "small-100": "11px",
  small: "11px",
  base: "14px",
  large: "18px",
  "large-100": "18px",
  "large-200": "22px",
  "large-300": "26px",
  "large-400": "32px",
  "large-500": "38px",
};

const ALIGNMENTS = {
  start: "flex-start",
  end: "flex-end",
  center: "center",
  baseline: "baseline",
  stretch: "stretch",
};

const spaces = (value) =>
  value
    .split(/\s+/)
    .map((word) => SPACES[word] ?? word)
    .join(" ");
const asItIs = (value) => value;

const STYLES = {
  gap: ["gap", spaces],
  rowgap: ["rowGap", spaces],
  columngap: ["columnGap", spaces],
  padding: ["padding", spaces],
  paddingblock: ["paddingBlock", spaces],
  paddingblockstart: ["paddingBlockStart", spaces],
  paddingblockend: ["paddingBlockEnd", spaces],
  paddinginline: ["paddingInline", spaces],
  paddinginlinestart: ["paddingInlineStart", spaces],
  paddinginlineend: ["paddingInlineEnd", spaces],
  alignitems: ["alignItems", (value) => ALIGNMENTS[value] ?? value],
  aligncontent: ["alignContent", asItIs],
  justifycontent: ["justifyContent", asItIs],
  justifyitems: ["justifyItems", asItIs],
  gridtemplatecolumns: ["gridTemplateColumns", asItIs],
  gridtemplaterows: ["gridTemplateRows", asItIs],
  gridcolumn: ["gridColumn", asItIs],
  inlinesize: ["inlineSize", asItIs],
  blocksize: ["blockSize", asItIs],
  mininlinesize: ["minInlineSize", asItIs],
  maxinlinesize: ["maxInlineSize", asItIs],
  minblocksize: ["minBlockSize", asItIs],
  overflow: ["overflow", asItIs],
};

class Layout extends HTMLElement {
  static observedAttributes = [...Object.keys(STYLES), "accessibilitylabel", "accessibilityrole"];

  attributeChangedCallback(name, _before, value) {
    if (name === "accessibilitylabel") this.setAttribute("aria-label", value ?? "");
    else if (name === "accessibilityrole") this.setAttribute("role", value ?? "generic");
    else {
      const [property, read] = STYLES[name];
      this.style[property] = value === null ? "" : read(value);
    }
  }
}

class Heading extends Layout {
  connectedCallback() {
    this.setAttribute("role", "heading");
    this.setAttribute("aria-level", "3");
  }
}

/* Draws a template into a shadow root again whenever one of its attributes changes. */
class Drawn extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: "open", delegatesFocus: true });
  }

  connectedCallback() {
    this.draw();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.draw();
  }

  draw() {
    const focused = this.shadowRoot.activeElement !== null;
    this.shadowRoot.innerHTML = `<style>${SHARED}${this.constructor.style ?? ""}</style>${this.html()}`;
    if (focused) this.shadowRoot.querySelector("button, a, select")?.focus();
  }

  is(name) {
    return this.hasAttribute(name) && this.getAttribute(name) !== "false";
  }

  text(name) {
    const holder = document.createElement("span");
    holder.textContent = this.getAttribute(name) ?? "";
    return holder.innerHTML.replaceAll('"', "&quot;");
  }
}

const SHARED = `
  :host([hidden]) { display: none }
  * { box-sizing: border-box }
  :focus-visible { outline: 2px solid var(--clay); outline-offset: 2px }
  @keyframes turn { to { rotate: 1turn } }
  @media (prefers-reduced-motion: reduce) { * { animation-duration: 4s !important } }
  .ring { display: inline-block; width: 1.1em; height: 1.1em; border-radius: 50%; border: 2px solid currentColor; border-right-color: transparent;
          animation: turn .8s linear infinite }`;

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
    [disabled] { opacity: .6; cursor: default }
    .busy span { visibility: hidden } .busy .ring { position: absolute }`;

  constructor() {
    super();
    this.internals = this.attachInternals();
    this.addEventListener("click", () => this.submits() && this.internals.form?.requestSubmit());
  }

  submits() {
    return this.getAttribute("type") === "submit" && !this.is("disabled") && !this.is("loading");
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
    const off = busy || this.is("disabled") ? "disabled" : "";
    return `<button type="button" class="${kind}" ${off} ${busy ? 'aria-busy="true"' : ""} ${label}>${inside}</button>`;
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
    return `<i class="ring" role="img" aria-label="${this.text("accessibilitylabel") || "Loading"}"></i>`;
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
  checkmark: "M4 10.500l4 4 8-9",
  info: "M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM10 9v5M10 6h.01",
};

const LAYOUTS = [
  "stack",
  "box",
  "grid",
  "grid-item",
  "section",
  "paragraph",
  "text",
  "divider",
  "badge",
  "unordered-list",
  "ordered-list",
  "list-item",
  "query-container",
];
for (const name of LAYOUTS) customElements.define(`s-${name}`, class extends Layout {});
customElements.define("s-heading", Heading);
customElements.define("s-button", Button);
customElements.define("s-select", Select);
customElements.define("s-link", Link);
customElements.define("s-clickable", Clickable);
customElements.define("s-banner", Banner);
customElements.define("s-spinner", Spinner);
customElements.define("s-progress", Progress);
customElements.define("s-icon", Icon);
customElements.define("s-skeleton-paragraph", Skeleton);
