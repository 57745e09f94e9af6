/** The frame of a page: s-page, s-section and s-empty-state. */
import { PolarisElement, define } from "./element.js";

function showWhenFilled(element, name) {
  const slot = element.part(`slot[name="${name}"]`);
  const holder = slot.closest("[data-when-filled]");
  holder.hidden = slot.assignedElements().length === 0;
}

/** An element with optional slots, each in a holder marked data-when-filled that disappears while its slot is empty. */
class SlottedElement extends PolarisElement {
  static optionalSlots = [];

  constructor() {
    super();
    for (const name of this.constructor.optionalSlots) {
      this.part(`slot[name="${name}"]`).addEventListener("slotchange", () =>
        showWhenFilled(this, name),
      );
    }
  }

  update() {
    for (const name of this.constructor.optionalSlots) showWhenFilled(this, name);
  }
}

class Page extends SlottedElement {
  static properties = { heading: "text", inlineSize: "text" };
  static optionalSlots = [
    "breadcrumb-actions",
    "secondary-actions",
    "primary-action",
    "aside",
    "supplemental-start",
  ];
  static css = `
    :host { display: block; container-type: inline-size; color: var(--p-ink); font-size: 13px; line-height: 20px; font-weight: 450; -webkit-font-smoothing: antialiased; }
    .page { max-width: 998px; margin-inline: auto; padding: 16px 16px 48px; }
    :host([inlinesize=small]) .page { max-width: 694px; } :host([inlinesize=large]) .page { max-width: none; padding-inline: 24px; }
    .header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding-block: 4px 16px; }
    .header:not(.filled) { display: none; } .lead { flex: 1 1 auto; display: flex; align-items: center; gap: 8px; min-width: 0; }
    h1 { margin: 0; font-size: 20px; line-height: 28px; font-weight: 650; letter-spacing: -0.01em; min-width: 0; overflow-wrap: anywhere; }
    @container (inline-size < 480px) { .lead { flex-basis: 100%; } }
    .actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
    .columns { display: grid; gap: 16px; align-items: start; grid-template-columns: minmax(0, 1fr); }
    .main, .aside { display: flex; flex-direction: column; gap: 16px; min-width: 0; }
    .main ::slotted(form:not([hidden])) { display: flex; flex-direction: column; gap: 16px; }
    @container (inline-size > 768px) { .columns.two { grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); } }
  `;
  static template = `
    <div class="page">
      <div class="header">
        <div class="lead"><div class="actions" data-when-filled><slot name="breadcrumb-actions"></slot></div><h1></h1></div>
        <div class="actions">
          <div class="actions" data-when-filled><slot name="secondary-actions"></slot></div>
          <div class="actions" data-when-filled><slot name="primary-action"></slot></div>
        </div>
      </div>
      <div data-when-filled><slot name="supplemental-start"></slot></div>
      <div class="columns">
        <div class="main"><slot></slot></div>
        <div class="aside" data-when-filled><slot name="aside"></slot></div>
      </div>
    </div>`;

  constructor() {
    super();
    this.shadowRoot.addEventListener("slotchange", () => this.arrange());
  }

  update() {
    super.update();
    this.part("h1").textContent = this.heading;
    if (!this.closest("main")) this.part(".page").setAttribute("role", "main");
    this.arrange();
  }

  arrange() {
    const filled = (name) => this.part(`slot[name="${name}"]`).assignedElements().length > 0;
    this.part(".columns").classList.toggle("two", filled("aside"));
    this.part(".header").classList.toggle(
      "filled",
      Boolean(this.heading) || filled("primary-action") || filled("secondary-actions"),
    );
    this.part("h1").hidden = !this.heading;
  }
}

class Section extends SlottedElement {
  static properties = {
    heading: "text",
    subheading: "text",
    padding: "text",
    accessibilityLabel: "text",
  };
  static optionalSlots = [
    "graphic",
    "accessory",
    "secondary-actions",
    "primary-action",
    "supplemental",
  ];
  static css = `
    :host { display: block; color: var(--p-ink); font-size: 13px; line-height: 20px; min-inline-size: 0; }
    .card { display: flex; flex-direction: column; gap: 16px; background: #fff; border-radius: 12px; padding: 16px; box-shadow: 0 0 0 1px rgb(0 0 0 / .06), 0 1px 0 0 rgb(0 0 0 / .12), 0 1px 3px rgb(0 0 0 / .04); }
    .card.bare { padding: 0; overflow: clip; gap: 0; } .card.bare .header { padding: 16px 16px 12px; }
    .card.nested { background: none; box-shadow: none; border-radius: 0; padding: 0; gap: 12px; }
    .header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
    .titles { flex: 1 1 auto; min-width: 0; }
    .heading { font-size: 14px; line-height: 20px; font-weight: 600; }
    .nested .heading { font-size: 13px; }
    .subheading { color: var(--p-subdued); }
    .row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
    .card ::slotted(form:not([hidden])) { display: flex; flex-direction: column; gap: 16px; }
  `;
  static template = `
    <div class="card">
      <div class="header">
        <div data-when-filled><slot name="graphic"></slot></div>
        <div class="titles"><div class="heading" role="heading"></div><div class="subheading"></div></div>
        <div class="row" data-when-filled><slot name="accessory"></slot></div>
        <div class="row" data-when-filled><slot name="secondary-actions"></slot></div>
        <div class="row" data-when-filled><slot name="primary-action"></slot></div>
      </div>
      <slot></slot>
      <div data-when-filled><slot name="supplemental"></slot></div>
    </div>`;

  constructor() {
    super();
    this.shadowRoot.addEventListener("slotchange", () => this.arrange());
  }

  update() {
    super.update();
    const card = this.part(".card");
    const depth = this.depth();
    card.classList.toggle("nested", depth > 0);
    card.classList.toggle("bare", this.padding === "none");
    this.part(".heading").textContent = this.heading;
    this.part(".heading").setAttribute("aria-level", Math.min(2 + depth, 6));
    this.part(".subheading").textContent = this.subheading;
    this.part(".subheading").hidden = !this.subheading;
    this.label();
    this.arrange();
  }

  label() {
    const name = this.accessibilityLabel || this.heading;
    if (!name) return;
    this.setDefaultAttribute("role", "region");
    this.setAttribute("aria-label", name);
  }

  arrange() {
    const header = this.part(".header");
    const filled = [...header.querySelectorAll("slot")].some(
      (slot) => slot.assignedElements().length > 0,
    );
    this.part(".heading").hidden = !this.heading;
    header.hidden = !this.heading && !filled;
  }

  depth() {
    let depth = 0;
    for (
      let outer = this.parentElement?.closest("s-section");
      outer;
      outer = outer.parentElement?.closest("s-section")
    )
      depth += 1;
    return depth;
  }
}

class EmptyState extends SlottedElement {
  static properties = { heading: "text" };
  static optionalSlots = ["graphic", "subheading", "secondary-actions", "primary-action"];
  static css = `
    :host { display: block; padding: 32px 16px; text-align: center; color: var(--p-ink); font-size: 13px; line-height: 20px; }
    .stack { display: grid; gap: 8px; justify-items: center; max-width: 420px; margin-inline: auto; }
    .heading { font-size: 16px; line-height: 24px; font-weight: 650; }
    .row { display: flex; flex-wrap: wrap; gap: 8px; justify-content: center; }
    .buttons { margin-block-start: 8px; }
  `;
  static template = `
    <div class="stack">
      <div data-when-filled><slot name="graphic"></slot></div>
      <div class="heading" role="heading" aria-level="2"></div>
      <div data-when-filled><slot name="subheading"></slot></div>
      <slot></slot>
      <div class="row buttons">
        <div class="row" data-when-filled><slot name="secondary-actions"></slot></div>
        <div class="row" data-when-filled><slot name="primary-action"></slot></div>
      </div>
    </div>`;

  update() {
    super.update();
    this.part(".heading").textContent = this.heading;
    this.part(".heading").hidden = !this.heading;
  }
}

export function definePage() {
  define("s-page", Page);
  define("s-section", Section);
  define("s-empty-state", EmptyState);
}
