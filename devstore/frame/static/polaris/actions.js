/** What can be pressed: s-button, s-button-group, s-link, s-clickable and s-menu's items. */
import { PolarisElement, define } from "./element.js";
import { Box } from "./layout.js";
import { iconSvg } from "./icons.js";
import { runCommand, runFormAction } from "./commands.js";
import { BOX_PROPERTIES } from "./tokens.js";

const PRESS_PROPERTIES = {
  href: "text",
  target: "text",
  download: "text",
  command: "text",
  commandFor: "text",
  interestFor: "text",
  accessibilityLabel: "text",
  lang: "text",
};

function copyAttribute(from, to, name, attribute = name) {
  const text = from.getAttribute(name);
  if (text === null) to.removeAttribute(attribute);
  else to.setAttribute(attribute, text);
}

/** Put a real link or button inside `element`; it stays the same node while the kind stays the same, so focus is not lost. */
function pressable(element) {
  const wanted =
    element.hasAttribute("href") && !element.disabled && !element.loading ? "A" : "BUTTON";
  const present = element.part(".press");
  if (present.tagName === wanted) return present;
  const next = document.createElement(wanted);
  next.className = present.className;
  next.append(...present.childNodes);
  present.replaceWith(next);
  return next;
}

/** Bring the inner link or button in line with the attributes of its element. */
function dress(element) {
  const inner = pressable(element);
  copyAttribute(element, inner, "accessibilitylabel", "aria-label");
  if (inner.tagName === "A") {
    for (const name of ["href", "target", "download"]) copyAttribute(element, inner, name);
    if (element.getAttribute("target") === "auto") inner.removeAttribute("target");
    if (element.getAttribute("target") === "_blank") inner.rel = "noopener";
  } else {
    inner.type = "button";
    inner.disabled = Boolean(element.disabled || element.loading);
  }
  return inner;
}

class Button extends PolarisElement {
  static formAssociated = true;
  static delegatesFocus = true;
  static properties = {
    ...PRESS_PROPERTIES,
    type: "text",
    variant: "text",
    tone: "text",
    icon: "text",
    inlineSize: "text",
    disabled: "boolean",
    loading: "boolean",
  };
  static css = `
    :host { display: inline-flex; vertical-align: middle; inline-size: fit-content; max-inline-size: 100%; } :host([inlinesize=fill]) { display: flex; inline-size: auto; } :host([inlinesize=fill]) .press { inline-size: 100%; }
    .press { all: unset; box-sizing: border-box; position: relative; display: inline-flex; align-items: center; justify-content: center; gap: 4px; min-block-size: 28px; padding: 5px 12px; border-radius: 8px; cursor: pointer;
      font: 550 12px/16px var(--p-font); color: var(--p-ink); background: #fff; text-align: center; -webkit-user-select: none; user-select: none;
      box-shadow: inset 0 -1px 0 0 #b5b5b5, inset 0 0 0 1px rgb(0 0 0 / .1), inset 0 .5px 0 1.5px #fff; }
    .press:hover { background: #fafafa; } .press:active { background: #f0f0f0; box-shadow: inset 0 2px 1px 0 rgb(26 26 26 / .2), inset 0 0 0 1px rgb(0 0 0 / .1); }
    .press:focus-visible { outline: 2px solid var(--p-focus); outline-offset: 1px; }
    .icon svg { width: 18px; height: 18px; margin-block: -1px; margin-inline-start: -4px; }
    .press.lone { padding: 4px; min-inline-size: 28px; } .press.lone .icon svg { margin: 0; }
    .press.primary { color: #fff; background: linear-gradient(180deg, #3a3a3a, #262626); box-shadow: inset 0 -1px 0 1px rgb(0 0 0 / .8), inset 0 0 0 1px #303030, inset 0 .5px 0 1.5px rgb(255 255 255 / .25); }
    .press.primary:hover { background: #1a1a1a; } .press.primary:active { background: #1a1a1a; box-shadow: inset 0 3px 0 0 #000; }
    .press.primary.critical { background: linear-gradient(180deg, #d6102c, #b5071d); box-shadow: inset 0 -1px 0 1px rgb(142 11 33 / .8), inset 0 0 0 1px #b5071d, inset 0 .5px 0 1.5px rgb(255 255 255 / .25); } .press.primary.critical:hover { background: #a30a24; }
    .press.secondary.critical, .press.tertiary.critical { color: #8e0b21; }
    .press.tertiary { background: transparent; box-shadow: none; } .press.tertiary:hover { background: rgb(0 0 0 / .05); } .press.tertiary:active { background: rgb(0 0 0 / .08); }
    .press:disabled { cursor: default; color: #6b6b6b; background: #ebebeb; box-shadow: none; } .press.tertiary:disabled { background: transparent; }
    .press.primary:disabled { color: #fff; background: #767676; }
    .press.busy .words, .press.busy .icon { opacity: 0; } .wheel { display: none; position: absolute; inline-size: 16px; block-size: 16px; border-radius: 50%; border: 2px solid rgb(128 128 128 / .5); border-block-start-color: currentColor; animation: turn .7s linear infinite; }
    .press.busy .wheel { display: block; } .press.busy:disabled { color: var(--p-ink); } .press.primary.busy:disabled { color: #fff; background: #303030; }
    :host(.in-menu) { display: flex; inline-size: auto; } :host(.in-menu) .press { inline-size: 100%; justify-content: flex-start; background: none; box-shadow: none; padding: 6px 8px; font-weight: 450; font-size: 13px; line-height: 20px; } :host(.in-menu) .press:hover, :host(.in-menu) .press:focus-visible { background: #f1f1f1; }
    @media (pointer: coarse) { .press { min-block-size: 36px; } .press.lone { min-inline-size: 36px; } }
    @keyframes turn { to { transform: rotate(1turn); } }
  `;
  static template =
    '<button class="press" type="button"><span class="icon" hidden></span><span class="words"><slot></slot></span><span class="wheel" aria-hidden="true"></span></button>';

  constructor() {
    super();
    this.internals = this.attachInternals();
    this.addEventListener("click", (event) => this.press(event));
    this.part("slot").addEventListener("slotchange", () => this.update());
  }

  get type() {
    return this.getAttribute("type") || "button";
  }

  set type(text) {
    this.setAttribute("type", text);
  }

  get form() {
    return this.internals.form;
  }

  update() {
    const inner = dress(this);
    const inMenu = Boolean(this.closest("s-menu"));
    const variant = this.variant && this.variant !== "auto" ? this.variant : this.naturalVariant();
    inner.className = `press ${variant}`;
    inner.classList.toggle("critical", this.tone === "critical");
    inner.classList.toggle("busy", this.loading);
    inner.classList.toggle("lone", Boolean(this.icon) && this.textContent.trim() === "");
    inner.setAttribute("aria-busy", String(this.loading));
    if (inMenu) inner.setAttribute("role", "menuitem");
    this.classList.toggle("in-menu", inMenu);
    this.part(".icon").hidden = !this.icon;
    this.part(".icon").innerHTML = this.icon ? iconSvg(this.icon) : "";
  }

  /** As in Polaris, an action without a variant takes the one that its place asks for. */
  naturalVariant() {
    return this.slot === "primary-action" ? "primary" : "secondary";
  }

  formDisabledCallback(disabled) {
    const inner = this.part(".press");
    if (inner.tagName === "BUTTON") inner.disabled = disabled || this.disabled || this.loading;
  }

  press(event) {
    if (this.disabled || this.loading) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    // The page's own listeners run first and may prevent what follows.
    setTimeout(() => {
      if (event.defaultPrevented || this.hasAttribute("href") || runCommand(this)) return;
      runFormAction(this.internals.form, this.type);
    });
  }

  click() {
    this.part(".press").click();
  }
}

class ButtonGroup extends PolarisElement {
  static properties = { gap: "text", accessibilityLabel: "text" };
  static css =
    ":host { display: inline-flex; flex-wrap: wrap; gap: 8px; align-items: center; } :host([gap=none]) { gap: 0; }";
  static template =
    '<slot name="secondary-actions"></slot><slot></slot><slot name="primary-action"></slot>';

  update() {
    this.setDefaultAttribute("role", "group");
    if (this.accessibilityLabel) this.setAttribute("aria-label", this.accessibilityLabel);
  }
}

class Link extends PolarisElement {
  static delegatesFocus = true;
  static properties = { ...PRESS_PROPERTIES, tone: "text" };
  static css = `
    :host { display: inline; inline-size: fit-content; }
    .press { all: unset; cursor: pointer; color: #005bd3; text-decoration: underline; text-underline-offset: 2px; border-radius: 3px; overflow-wrap: break-word; }
    .press:hover { color: #004299; } .press:focus-visible { outline: 2px solid var(--p-focus); outline-offset: 1px; }
    :host([tone=neutral]) .press { color: inherit; } :host([tone=critical]) .press { color: #8e0b21; }
  `;
  static template = '<button class="press" type="button"><slot></slot></button>';

  constructor() {
    super();
    this.addEventListener("click", (event) => {
      if (!event.defaultPrevented && !this.hasAttribute("href")) runCommand(this);
    });
  }

  update() {
    dress(this);
  }

  click() {
    this.part(".press").click();
  }
}

class Clickable extends Box {
  static formAssociated = true;
  static delegatesFocus = true;
  static properties = {
    ...BOX_PROPERTIES,
    ...PRESS_PROPERTIES,
    type: "text",
    disabled: "boolean",
    loading: "boolean",
  };
  static css = `
    :host { display: block; min-inline-size: 0; }
    .press { all: unset; box-sizing: border-box; display: block; inline-size: 100%; cursor: pointer; border-radius: inherit; font: inherit; color: inherit; }
    .press:hover { background: rgb(0 0 0 / .03); } .press:focus-visible { outline: 2px solid var(--p-focus); outline-offset: 1px; } .press:disabled { cursor: default; opacity: .6; }
  `;
  static template = '<style></style><button class="press" type="button"><slot></slot></button>';

  constructor() {
    super();
    this.internals = this.attachInternals();
    this.addEventListener("click", (event) => this.press(event));
  }

  update() {
    super.update();
    dress(this);
  }

  describeBox() {
    if (this.accessibilityVisibility === "hidden") this.setAttribute("aria-hidden", "true");
  }

  press(event) {
    if (event.defaultPrevented || this.disabled || this.hasAttribute("href") || runCommand(this))
      return;
    runFormAction(this.internals.form, this.getAttribute("type") || "button");
  }

  click() {
    this.part(".press").click();
  }
}

export function defineActions() {
  define("s-button", Button);
  define("s-button-group", ButtonGroup);
  define("s-link", Link);
  define("s-clickable", Clickable);
}
