/* The elements that a page of the account is made of: the page, its sections, what unfolds, pictures, what is copied. */
import { Drawn } from "./drawn.js";

class Page extends Drawn {
  static observedAttributes = ["heading", "subheading", "inlinesize"];
  static style = `
    :host { display: block }
    h1 { margin: 0 0 18px; font: 500 32px/1.3 var(--serif); font-variant-numeric: tabular-nums }
    p { margin: -16px 0 18px; color: var(--muted) }`;

  html() {
    const sub = this.getAttribute("subheading") ? `<p>${this.text("subheading")}</p>` : "";
    return `<h1>${this.text("heading")}</h1>${sub}<slot></slot>`;
  }
}

class Section extends Drawn {
  static observedAttributes = ["heading", "accessibilitylabel", "padding"];
  static style = `
    :host { display: block; min-width: 0 }
    section { display: grid; grid-template-columns: minmax(0, 1fr); align-content: start; gap: 12px; height: 100%; padding: 20px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--card) }
    h2 { margin: 0; font: 500 20px/1.35 var(--serif); font-variant-numeric: tabular-nums }`;

  html() {
    const label = this.hasAttribute("accessibilitylabel")
      ? `aria-label="${this.text("accessibilitylabel")}"`
      : "";
    const heading = this.hasAttribute("heading") ? `<h2>${this.text("heading")}</h2>` : "";
    return `<section ${label}>${heading}<slot></slot></section>`;
  }
}

class Details extends Drawn {
  static observedAttributes = ["open", "defaultopen"];
  static style = `
    :host { display: block }
    summary { display: inline-block; min-height: 32px; padding: 4px 0; color: var(--green); text-decoration: underline; text-underline-offset: 3px; cursor: pointer }`;

  html() {
    const open = this.is("open") || this.is("defaultopen") ? "open" : "";
    return `<details ${open}><summary><slot name="summary"></slot></summary><slot></slot></details>`;
  }
}

/* What s-details shows while it is closed. */
class Summary extends HTMLElement {
  connectedCallback() {
    this.slot = "summary";
  }
}

class Picture extends Drawn {
  static observedAttributes = ["src", "alt", "size"];
  static style = `
    :host { display: block }
    img { display: block; width: 48px; height: 48px; object-fit: cover; border-radius: var(--radius-small); background: var(--wash) }`;

  html() {
    return `<img src="${this.text("src")}" alt="${this.text("alt")}">`;
  }
}

/* Shows nothing: a button whose command is --copy copies its text. */
class ClipboardItem extends HTMLElement {
  async copy() {
    const copied = navigator.clipboard.writeText(this.getAttribute("text") ?? "");
    const type = await copied.then(
      () => "copy",
      () => "copyerror",
    );
    this.dispatchEvent(new Event(type));
  }
}

customElements.define("s-page", Page);
customElements.define("s-section", Section);
customElements.define("s-details", Details);
customElements.define("s-summary", Summary);
customElements.define("s-image", Picture);
customElements.define("s-product-thumbnail", class extends Picture {});
customElements.define("s-clipboard-item", ClipboardItem);
