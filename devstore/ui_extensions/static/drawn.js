/* An element that draws a template into its shadow root again whenever one of its attributes changes. */
export class Drawn extends HTMLElement {
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
