/**
 * The base of every stand-in element: declared properties mirror attributes, with one shared style sheet and template a class.
 *
 * A subclass declares `properties` (camel-case names; the attribute is the name in lower case, as in Polaris), `css`, `template`
 * and what it does in `update()`, which runs on connection and after every change of an attribute.
 */
import { SHARED_CSS } from "./tokens.js";

const sheets = new Map();

function sheetOf(css) {
  if (!sheets.has(css)) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHARED_CSS + css);
    sheets.set(css, sheet);
  }
  return sheets.get(css);
}

export class PolarisElement extends HTMLElement {
  static properties = {};
  static css = "";
  static template = "<slot></slot>";
  static delegatesFocus = false;

  static get observedAttributes() {
    return Object.keys(this.properties).map((name) => name.toLowerCase());
  }

  constructor() {
    super();
    const { css, template, delegatesFocus } = this.constructor;
    const root = this.attachShadow({ mode: "open", delegatesFocus });
    root.adoptedStyleSheets = [sheetOf(css)];
    root.innerHTML = template;
  }

  connectedCallback() {
    this.adoptEarlyProperties();
    this.update();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.update();
  }

  /** Properties set before the class was defined would hide its accessors: hand them over. */
  adoptEarlyProperties() {
    for (const name of Object.keys(this.constructor.properties)) {
      if (!Object.hasOwn(this, name)) continue;
      const early = this[name];
      delete this[name];
      this[name] = early;
    }
  }

  part(selector) {
    return this.shadowRoot.querySelector(selector);
  }

  /** Give the host a role or label unless the page has set its own. */
  setDefaultAttribute(name, text) {
    if (text && !this.hasAttribute(name)) this.setAttribute(name, text);
  }

  update() {}
}

const accessors = {
  boolean: (attribute) => ({
    get() {
      return this.hasAttribute(attribute) && this.getAttribute(attribute) !== "false";
    },
    set(on) {
      this.toggleAttribute(attribute, Boolean(on) && on !== "false");
    },
  }),
  text: (attribute) => ({
    get() {
      return this.getAttribute(attribute) ?? "";
    },
    set(text) {
      if (text === undefined || text === null || text === false) this.removeAttribute(attribute);
      else this.setAttribute(attribute, String(text));
    },
  }),
};

/** Register `constructor` as `tag`, with an accessor for each declared property it does not define itself. */
export function define(tag, constructor) {
  if (customElements.get(tag)) return;
  for (const [name, kind] of Object.entries(constructor.properties)) {
    if (name in constructor.prototype && !(name in HTMLElement.prototype)) continue;
    if (Object.hasOwn(constructor.prototype, name)) continue;
    const accessor = accessors[kind](name.toLowerCase());
    Object.defineProperty(constructor.prototype, name, {
      ...accessor,
      configurable: true,
      enumerable: true,
    });
  }
  customElements.define(tag, constructor);
}
