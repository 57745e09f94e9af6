/** s-table and its parts: a table where there is room, a list of cards where there is not. */
import { PolarisElement, define } from "./element.js";
import { iconSvg } from "./icons.js";

const NARROW = "@container (inline-size < 480px)";

class Table extends PolarisElement {
  static properties = {
    variant: "text",
    loading: "boolean",
    paginate: "boolean",
    hasPreviousPage: "boolean",
    hasNextPage: "boolean",
  };
  static css = `
    :host { display: block; container-type: inline-size; color: var(--p-ink); font: 450 13px/20px var(--p-font); }
    .grid { display: table; inline-size: 100%; border-collapse: collapse; } .scroll { overflow-x: auto; }
    .filters { padding: 8px 12px; border-block-end: 1px solid #ebebeb; }
    .pages { display: flex; justify-content: center; gap: 4px; padding: 8px; border-block-start: 1px solid #ebebeb; }
    .pages button { all: unset; cursor: pointer; padding: 4px; border-radius: 8px; box-shadow: inset 0 0 0 1px #cccccc; } .pages button:disabled { color: #a0a0a0; cursor: default; } .pages button:focus-visible { outline: 2px solid var(--p-focus); }
    .busy .scroll { opacity: .5; }
    ${NARROW} { .grid { display: block; } .scroll { overflow-x: visible; } }
  `;
  static template = `
    <div class="table">
      <div class="filters"><slot name="filters"></slot></div>
      <div class="scroll"><div class="grid" role="table"><slot></slot></div></div>
      <div class="pages"><button type="button" class="previous" aria-label="Previous page"></button><button type="button" class="next" aria-label="Next page"></button></div>
    </div>`;

  constructor() {
    super();
    for (const [side, icon] of [
      ["previous", "chevron-left"],
      ["next", "chevron-right"],
    ]) {
      this.part(`.${side}`).innerHTML = iconSvg(icon);
      this.part(`.${side}`).addEventListener("click", () =>
        this.dispatchEvent(new Event(`${side}page`)),
      );
    }
    this.part("slot[name=filters]").addEventListener("slotchange", () => this.update());
    this.observer = new MutationObserver(() => this.alignColumns());
  }

  connectedCallback() {
    super.connectedCallback();
    this.observer.observe(this, { childList: true, subtree: true });
    queueMicrotask(() => this.alignColumns());
  }

  disconnectedCallback() {
    this.observer.disconnect();
  }

  update() {
    this.part(".table").classList.toggle("busy", this.loading);
    this.part(".filters").hidden = this.part("slot[name=filters]").assignedElements().length === 0;
    this.part(".pages").hidden = !this.paginate;
    this.part(".previous").disabled = !this.hasPreviousPage;
    this.part(".next").disabled = !this.hasNextPage;
  }

  /** Hand each cell the header over it: its alignment, and its label where rows become cards. */
  alignColumns() {
    const headers = [...this.querySelectorAll("s-table-header")];
    for (const row of this.querySelectorAll("s-table-row")) {
      [...row.children].forEach((cell, index) => cell.standUnder?.(headers[index]));
    }
  }
}

class HeaderRow extends PolarisElement {
  static css = `:host { display: table-row; background: #f7f7f7; } ${NARROW} { :host { display: block; position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); } }`;

  update() {
    this.setDefaultAttribute("role", "row");
  }
}

class Header extends PolarisElement {
  static properties = { listSlot: "text", format: "text" };
  static css = `
    :host { display: table-cell; padding: 8px 12px; font-size: 12px; line-height: 16px; font-weight: 550; color: #616161; text-align: start; white-space: nowrap; border-block-end: 1px solid #e3e3e3; }
    :host([format=numeric]), :host([format=currency]) { text-align: end; }
    :host(:first-child) { padding-inline-start: 16px; } :host(:last-child) { padding-inline-end: 16px; }
  `;

  update() {
    this.setDefaultAttribute("role", "columnheader");
  }
}

class Body extends PolarisElement {
  static css = `:host { display: table-row-group; } ${NARROW} { :host { display: block; } }`;

  update() {
    this.setDefaultAttribute("role", "rowgroup");
  }
}

class Row extends PolarisElement {
  static properties = { clickDelegate: "text" };
  static css = `
    :host { display: table-row; } :host(:last-child) { --row-line: transparent; } :host([clickdelegate]) { cursor: pointer; } :host([clickdelegate]:hover) { background: #f7f7f7; }
    ${NARROW} { :host { display: flex; flex-direction: column; gap: 2px; padding: 12px 16px; border-block-end: 1px solid #ebebeb; } :host(:last-child) { border-block-end: 0; } }
  `;

  constructor() {
    super();
    this.addEventListener("click", (event) => this.delegate(event));
  }

  update() {
    this.setDefaultAttribute("role", "row");
  }

  /** A click anywhere in the row presses the link or button named by clickdelegate. */
  delegate(event) {
    const target = this.clickDelegate && this.getRootNode().getElementById(this.clickDelegate);
    const interactive = event.target.closest(
      "a, button, input, s-link, s-button, s-clickable, s-checkbox",
    );
    if (target && !interactive && !getSelection()?.toString()) target.click();
  }
}

class Cell extends PolarisElement {
  static css = `
    :host { display: table-cell; padding: 8px 12px; vertical-align: middle; border-block-end: 1px solid var(--row-line, #ebebeb); }
    :host(:first-child) { padding-inline-start: 16px; } :host(:last-child) { padding-inline-end: 16px; }
    .cell { border: 0; } .number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; } .label { display: none; color: #616161; }
    ${NARROW} {
      :host, :host(:first-child), :host(:last-child) { display: block; padding: 0; border: 0; }
      .cell, .number { display: flex; flex-wrap: wrap; gap: 2px 8px; text-align: start; white-space: normal; }
      .labeled { justify-content: space-between; } .labeled .label { display: block; }
      .primary { font-weight: 600; } .secondary, .kicker { color: #616161; }
    }
  `;
  static template =
    '<div class="cell"><span class="label" aria-hidden="true"></span><span class="value"><slot></slot></span></div>';

  update() {
    this.setDefaultAttribute("role", "cell");
  }

  standUnder(header) {
    const slot =
      header?.getAttribute("listslot") ||
      (header && header.parentElement.firstElementChild === header ? "primary" : "labeled");
    const number = ["numeric", "currency"].includes(header?.getAttribute("format"));
    this.part(".cell").className = `cell ${slot} ${number ? "number" : ""}`;
    this.part(".label").textContent = header?.textContent.trim() ?? "";
  }
}

export function defineTable() {
  define("s-table", Table);
  define("s-table-header-row", HeaderRow);
  define("s-table-header", Header);
  define("s-table-body", Body);
  define("s-table-row", Row);
  define("s-table-cell", Cell);
}
