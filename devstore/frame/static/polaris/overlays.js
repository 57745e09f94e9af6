/** What opens over the page: s-modal, s-popover, s-menu and s-tooltip. */
import { PolarisElement, define } from "./element.js";
import { iconSvg } from "./icons.js";

const MODAL_SIZES = {
  "small-100": "380px",
  small: "380px",
  base: "620px",
  large: "980px",
  "large-100": "980px",
};

class Modal extends PolarisElement {
  static properties = {
    heading: "text",
    accessibilityLabel: "text",
    size: "text",
    padding: "text",
  };
  static css = `
    :host { display: contents; }
    dialog { border: 0; padding: 0; border-radius: 16px; inline-size: min(620px, calc(100vw - 32px)); max-block-size: min(80vh, 720px); color: var(--p-ink); font: 450 13px/20px var(--p-font); box-shadow: 0 20px 60px rgb(0 0 0 / .3); overflow: hidden; }
    dialog::backdrop { background: rgb(0 0 0 / .5); }
    dialog[open] { display: flex; flex-direction: column; }
    .header { display: flex; align-items: center; gap: 8px; padding: 12px 12px 12px 16px; background: #f3f3f3; border-block-end: 1px solid #e3e3e3; }
    h2 { flex: 1; margin: 0; font-size: 14px; line-height: 20px; font-weight: 600; }
    button { all: unset; cursor: pointer; border-radius: 6px; padding: 4px; } button:focus-visible { outline: 2px solid var(--p-focus); }
    .body { padding: 16px; overflow: auto; display: flex; flex-direction: column; gap: 16px; } :host([padding=none]) .body { padding: 0; }
    .footer { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 8px; padding: 12px 16px; border-block-start: 1px solid #e3e3e3; }
  `;
  static template = `
    <dialog aria-labelledby="heading">
      <div class="header"><h2 id="heading"></h2><button type="button" aria-label="Close"></button></div>
      <div class="body"><slot></slot></div>
      <div class="footer"><slot name="secondary-actions"></slot><slot name="primary-action"></slot></div>
    </dialog>`;

  constructor() {
    super();
    this.part("button").innerHTML = iconSvg("x");
    this.part("button").addEventListener("click", () => this.hideOverlay());
    this.part("dialog").addEventListener("close", () => this.afterClosing());
    this.part("dialog").addEventListener("click", (event) => {
      if (event.composedPath()[0] === this.part("dialog")) this.hideOverlay();
    });
    this.part(".footer").addEventListener("slotchange", () => this.update());
  }

  update() {
    this.part("h2").textContent = this.heading || this.accessibilityLabel;
    this.part("h2").classList.toggle("visually-hidden", !this.heading);
    this.part("dialog").style.inlineSize =
      `min(${MODAL_SIZES[this.size] ?? MODAL_SIZES.base}, calc(100vw - 32px))`;
    this.part(".footer").hidden = ![...this.part(".footer").children].some(
      (slot) => slot.assignedElements().length > 0,
    );
  }

  showOverlay() {
    if (this.part("dialog").open) return;
    this.dispatchEvent(new Event("show"));
    this.part("dialog").showModal();
    this.dispatchEvent(new Event("aftershow"));
  }

  hideOverlay() {
    if (this.part("dialog").open) this.part("dialog").close();
  }

  toggleOverlay() {
    if (this.part("dialog").open) this.hideOverlay();
    else this.showOverlay();
  }

  afterClosing() {
    this.dispatchEvent(new Event("hide"));
    this.dispatchEvent(new Event("afterhide"));
  }
}

const FLOATING_CSS = `
  :host { display: contents; }
  .sheet { position: fixed; inset: auto; margin: 0; border: 0; padding: 0; border-radius: 12px; background: #fff; color: var(--p-ink); font: 450 13px/20px var(--p-font); max-inline-size: min(420px, calc(100vw - 16px)); box-shadow: 0 4px 6px -2px rgb(26 26 26 / .2), 0 0 0 1px rgb(0 0 0 / .1); }
`;

/** Put `sheet` under `anchor`, or above it where there is no room below, inside the window. */
function place(sheet, anchor, gap = 4) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = sheet;
  const below = at.bottom + gap + height <= innerHeight;
  sheet.style.top = `${below ? at.bottom + gap : Math.max(8, at.top - gap - height)}px`;
  sheet.style.left = `${Math.min(Math.max(8, at.left), Math.max(8, innerWidth - width - 8))}px`;
}

const SAME_PRESS_MS = 150;

class Popover extends PolarisElement {
  closedAt = -Infinity;
  static properties = {
    blockSize: "text",
    inlineSize: "text",
    minBlockSize: "text",
    minInlineSize: "text",
    maxBlockSize: "text",
    maxInlineSize: "text",
  };
  static css = `${FLOATING_CSS} .sheet { overflow: auto; }`;
  static template = '<div class="sheet" popover="auto"><slot></slot></div>';

  constructor() {
    super();
    this.part(".sheet").addEventListener("beforetoggle", (event) => {
      if (event.newState === "closed") this.closedAt = performance.now();
    });
    this.part(".sheet").addEventListener("toggle", (event) =>
      this.announce(event.newState === "open"),
    );
  }

  update() {
    const style = this.part(".sheet").style;
    for (const name of Object.keys(this.constructor.properties)) style[name] = this[name];
  }

  get open() {
    return this.part(".sheet").matches(":popover-open");
  }

  showOverlay(anchor) {
    if (this.open) return;
    const sheet = this.part(".sheet");
    sheet.showPopover();
    if (anchor) place(sheet, anchor);
  }

  hideOverlay() {
    if (this.open) this.part(".sheet").hidePopover();
  }

  toggleOverlay(anchor) {
    // A press outside closes a popover by itself; the same press on its button shall not open it again.
    const justClosed = performance.now() - this.closedAt < SAME_PRESS_MS;
    if (this.open) this.hideOverlay();
    else if (!justClosed) this.showOverlay(anchor);
  }

  announce(opened) {
    for (const name of opened ? ["show", "aftershow"] : ["hide", "afterhide"])
      this.dispatchEvent(new Event(name));
  }
}

class Menu extends Popover {
  static properties = { accessibilityLabel: "text" };
  static css = `${FLOATING_CSS} .sheet { padding: 6px; min-inline-size: 180px; } .items { display: grid; gap: 2px; }`;
  static template =
    '<div class="sheet" popover="auto"><div class="items" role="menu"><slot></slot></div></div>';

  constructor() {
    super();
    this.addEventListener("click", () => this.hideOverlay());
    this.addEventListener("keydown", (event) => this.move(event));
  }

  update() {
    this.part(".items").setAttribute("aria-label", this.accessibilityLabel || "Actions");
  }

  showOverlay(anchor) {
    super.showOverlay(anchor);
    this.items()[0]?.focus();
  }

  items() {
    return [...this.querySelectorAll("s-button")].filter((item) => !item.disabled);
  }

  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = this.items();
    const at = items.indexOf(document.activeElement);
    items[(at + step + items.length) % items.length]?.focus();
  }
}

class Tooltip extends PolarisElement {
  static css = `${FLOATING_CSS} .sheet { padding: 6px 10px; border-radius: 8px; max-inline-size: 260px; pointer-events: none; }`;
  static template = '<div class="sheet" popover="manual" role="tooltip"><slot></slot></div>';

  showAt(anchor) {
    const sheet = this.part(".sheet");
    if (!sheet.matches(":popover-open")) sheet.showPopover();
    place(sheet, anchor, 6);
  }

  hide() {
    const sheet = this.part(".sheet");
    if (sheet.matches(":popover-open")) sheet.hidePopover();
  }
}

function tooltipOf(event) {
  const source = event.composedPath().find((node) => node.interestFor);
  const tooltip = source && source.getRootNode().getElementById(source.interestFor);
  return tooltip?.showAt ? { source, tooltip } : null;
}

function onInterest(event, then) {
  const found = tooltipOf(event);
  if (found) then(found);
}

/** Elements with `interestfor` show their tooltip while pointed at or focused. */
function watchInterest() {
  const show = ({ source, tooltip }) => {
    const control = source.shadowRoot?.querySelector(".press");
    if (control) control.ariaDescription = tooltip.textContent.trim();
    tooltip.showAt(source);
  };
  for (const name of ["pointerover", "focusin"])
    document.addEventListener(name, (event) => onInterest(event, show));
  for (const name of ["pointerout", "focusout"])
    document.addEventListener(name, (event) => onInterest(event, ({ tooltip }) => tooltip.hide()));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") onInterest(event, ({ tooltip }) => tooltip.hide());
  });
}

export function defineOverlays() {
  define("s-modal", Modal);
  define("s-popover", Popover);
  define("s-menu", Menu);
  define("s-tooltip", Tooltip);
  watchInterest();
}
