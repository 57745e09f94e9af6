/** What is on or off: s-checkbox, s-switch, and s-choice-list with its s-choice. */
import { PolarisElement, define } from "./element.js";
import { FIELD_CSS, FIELD_PROPERTIES, FieldElement, NOTES_TEMPLATE } from "./field.js";
import { iconSvg } from "./icons.js";
import { submitImplicitly } from "./commands.js";

const CHECK_PROPERTIES = { ...FIELD_PROPERTIES, checked: "boolean", accessibilityLabel: "text" };

const CHECK_CSS = `
  ${FIELD_CSS}
  .line { display: flex; gap: 8px; align-items: flex-start; }
  .line label { cursor: pointer; } .line.off label { cursor: default; color: #616161; }
  .notes { display: grid; gap: 2px; padding-inline-start: 24px; }
  .control { flex: none; min-block-size: 0; padding: 0; inline-size: 16px; block-size: 16px; margin-block: 2px; border: 1px solid var(--p-field); border-radius: 4px; background: #fdfdfd; cursor: pointer; }
  .control:checked, .control:indeterminate { background: #303030 center / 14px no-repeat; border-color: #303030; }
  .control:checked { background-image: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20' fill='none' stroke='white' stroke-width='2.6'%3E%3Cpath d='m4.5 10.5 4 4 7-8'/%3E%3C/svg%3E"); }
  .control:indeterminate { background-image: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20' stroke='white' stroke-width='2.6'%3E%3Cpath d='M5 10h10'/%3E%3C/svg%3E"); }
  .control:focus-visible { outline: 2px solid var(--p-focus); outline-offset: 1px; }
  .control:disabled { opacity: .5; cursor: default; } .control[aria-invalid] { border-color: var(--p-critical); background-color: #fee8eb; }
`;

/** A native checkbox with its label beside it; submits its value, "on" by default, while it is checked. */
class Checkbox extends FieldElement {
  static properties = { ...CHECK_PROPERTIES, indeterminate: "boolean" };
  static css = CHECK_CSS;
  static template = `
    <div class="field">
      <div class="line"><input type="checkbox" class="control" id="control"><label class="title" for="control"></label></div>
      <div class="notes">${NOTES_TEMPLATE}</div>
    </div>`;

  constructor() {
    super();
    this.control.addEventListener("keydown", (event) => {
      if (event.key === "Enter") submitImplicitly(this.form);
    });
  }

  get value() {
    return this.getAttribute("value") ?? "on";
  }

  set value(text) {
    this.setAttribute("value", text);
  }

  get checked() {
    return this.control.checked;
  }

  set checked(on) {
    this.touched = true;
    this.showChecked(Boolean(on));
  }

  get defaultChecked() {
    return this.hasAttribute("checked") && this.getAttribute("checked") !== "false";
  }

  update() {
    this.describe();
    if (this.touched) this.submitValue();
    else this.showChecked(this.defaultChecked);
  }

  describe() {
    super.describe();
    this.control.indeterminate = this.hasAttribute("indeterminate");
    this.part(".line").classList.toggle("off", this.disabled);
    if (this.accessibilityLabel) this.control.setAttribute("aria-label", this.accessibilityLabel);
  }

  showChecked(on) {
    this.control.checked = on;
    this.submitValue();
  }

  submitValue() {
    this.internals.setFormValue(
      this.control.checked ? this.value : null,
      this.control.checked ? "checked" : "unchecked",
    );
  }

  formResetCallback() {
    this.touched = false;
    this.showChecked(this.defaultChecked);
  }

  formStateRestoreCallback(state) {
    this.checked = state === "checked";
  }
}

class Switch extends Checkbox {
  static properties = CHECK_PROPERTIES;
  static template = Checkbox.template.replace(/<slot name="(?:error|details)"><\/slot>/g, "");
  static css = `${CHECK_CSS}
    .notes { padding-inline-start: 44px; }
    .control, .control:checked { inline-size: 36px; block-size: 20px; margin-block: 0; border-radius: 10px; border: 0; background: #b5b5b5 none; position: relative; transition: background .12s; }
    .control:checked { background: #303030 none; }
    .control::after { content: ""; position: absolute; inset-block-start: 3px; inset-inline-start: 3px; inline-size: 14px; block-size: 14px; border-radius: 50%; background: #fff; transition: transform .12s; }
    .control:checked::after { transform: translateX(16px); } .control:checked:dir(rtl)::after { transform: translateX(-16px); }
    @media (forced-colors: active) { .control { border: 1px solid; } }
  `;

  constructor() {
    super();
    this.control.setAttribute("role", "switch");
  }
}

class Choice extends PolarisElement {
  static properties = {
    value: "text",
    disabled: "boolean",
    selected: "boolean",
    accessibilityLabel: "text",
  };
  static css = `
    :host { display: block; cursor: pointer; color: var(--p-ink); font: 450 13px/20px var(--p-font); } :host([disabled]) { cursor: default; color: #616161; }
    :host(:focus) { outline: none; } :host(:focus-visible) .mark { outline: 2px solid var(--p-focus); outline-offset: 1px; }
    .line { display: flex; gap: 8px; align-items: flex-start; }
    .mark { flex: none; display: grid; place-items: center; inline-size: 16px; block-size: 16px; margin-block: 2px; border: 1px solid var(--p-field); border-radius: 50%; background: #fdfdfd; color: #fff; }
    .mark.square { border-radius: 4px; } .mark.on { background: #303030; border-color: #303030; } .mark:not(.square).on::after { content: ""; inline-size: 6px; block-size: 6px; border-radius: 50%; background: #fff; }
    .mark svg { width: 14px; height: 14px; stroke-width: 2.4; } .more { padding-inline-start: 24px; color: var(--p-subdued); }
  `;
  static template = `
    <div class="line"><span class="mark" aria-hidden="true"></span><span><slot></slot></span></div>
    <div class="more"><slot name="details"></slot><slot name="secondary-content"></slot></div>`;

  chosen = false;

  get selected() {
    return this.isConnected ? this.chosen : this.hasAttribute("selected");
  }

  set selected(on) {
    this.chosen = Boolean(on);
    this.list?.gather();
  }

  get list() {
    return this.closest("s-choice-list");
  }

  /** Draw this choice as its list says: round or square, chosen or not. */
  draw({ multiple, disabled, focusable }) {
    const mark = this.part(".mark");
    mark.className = `mark ${multiple ? "square" : "round"}`;
    mark.classList.toggle("on", this.chosen);
    mark.innerHTML = multiple && this.chosen ? iconSvg("check") : "";
    this.setAttribute("role", multiple ? "checkbox" : "radio");
    this.setAttribute("aria-checked", String(this.chosen));
    if (disabled || this.disabled) this.setAttribute("aria-disabled", "true");
    else this.removeAttribute("aria-disabled");
    if (this.accessibilityLabel) this.setAttribute("aria-label", this.accessibilityLabel);
    this.tabIndex = focusable ? 0 : -1;
  }
}

/** Radio buttons, or checkboxes with `multiple`; submits the value of each chosen one under the list's name. */
class ChoiceList extends PolarisElement {
  static formAssociated = true;
  static properties = {
    name: "text",
    label: "text",
    details: "text",
    error: "text",
    multiple: "boolean",
    disabled: "boolean",
    labelAccessibilityVisibility: "text",
    values: "text",
  };
  static css = `${FIELD_CSS} .choices { display: grid; gap: 8px; }`;
  static template = `
    <div class="field" id="group">
      <div class="title" id="title"></div>
      <div class="details" id="details"><span class="words"></span></div>
      <div class="choices"><slot></slot></div>
      <div class="error" id="error"><span class="mark" aria-hidden="true"></span><span class="words"></span></div>
    </div>`;

  touched = false;

  constructor() {
    super();
    this.internals = this.attachInternals();
    this.part(".error .mark").innerHTML = iconSvg("alert-circle");
    this.part("slot").addEventListener("slotchange", () => this.setDefaults());
    this.addEventListener("click", (event) => this.pick(event.target.closest("s-choice")));
    this.addEventListener("keydown", (event) => this.onKey(event));
  }

  get form() {
    return this.internals.form;
  }

  get choices() {
    // While a page is being parsed or moved in, some may not be upgraded yet; the slot tells when they are.
    return [...this.querySelectorAll("s-choice")].filter((choice) => choice instanceof Choice);
  }

  get values() {
    return this.choices
      .filter((choice) => choice.chosen)
      .map((choice) => choice.getAttribute("value") ?? "");
  }

  set values(wanted) {
    for (const choice of this.choices)
      choice.chosen = wanted.includes(choice.getAttribute("value") ?? "");
    this.gather();
  }

  update() {
    this.describe();
    this.setDefaults();
  }

  describe() {
    const group = this.part("#group");
    group.setAttribute("role", this.multiple ? "group" : "radiogroup");
    group.setAttribute("aria-labelledby", "title");
    this.part("#title").textContent = this.label;
    this.part("#title").classList.toggle(
      "visually-hidden",
      this.labelAccessibilityVisibility === "exclusive",
    );
    for (const name of ["details", "error"]) {
      this.part(`#${name} .words`).textContent = this[name];
      this.part(`#${name}`).hidden = !this[name];
    }
    group.setAttribute(
      "aria-describedby",
      ["details", "error"].filter((name) => this[name]).join(" "),
    );
  }

  setDefaults() {
    if (this.touched) return this.gather();
    const wanted = this.hasAttribute("values") ? this.getAttribute("values").split(",") : null;
    for (const choice of this.choices)
      choice.chosen = wanted
        ? wanted.includes(choice.getAttribute("value"))
        : choice.hasAttribute("selected");
    this.gather();
  }

  gather() {
    const { choices, multiple, disabled, name } = this;
    const stop =
      choices.find((choice) => choice.chosen) ?? choices.find((choice) => !choice.disabled);
    for (const choice of choices)
      choice.draw({ multiple, disabled, focusable: !disabled && (multiple || choice === stop) });
    const data = new FormData();
    for (const value of this.values) data.append(name, value);
    this.internals.setFormValue(name && this.values.length ? data : null);
  }

  pick(choice) {
    if (!choice || choice.disabled || this.disabled || (!this.multiple && choice.chosen)) return;
    this.touched = true;
    for (const other of this.choices) if (!this.multiple) other.chosen = other === choice;
    if (this.multiple) choice.chosen = !choice.chosen;
    this.gather();
    for (const name of ["input", "change"]) this.dispatchEvent(new Event(name, { bubbles: true }));
  }

  onKey(event) {
    const choice = event.target.closest("s-choice");
    if (!choice || event.target !== choice) return;
    if (event.key === " ") this.pick(choice);
    else if (event.key.startsWith("Arrow") && !this.multiple)
      this.step(choice, ["ArrowDown", "ArrowRight"].includes(event.key) ? 1 : -1);
    else return;
    event.preventDefault();
  }

  step(from, by) {
    const choices = this.choices.filter((choice) => !choice.disabled);
    const next = choices[(choices.indexOf(from) + by + choices.length) % choices.length];
    this.pick(next);
    next.focus();
  }

  formResetCallback() {
    this.touched = false;
    this.setDefaults();
  }
}

export function defineChecks() {
  define("s-checkbox", Checkbox);
  define("s-switch", Switch);
  define("s-choice-list", ChoiceList);
  define("s-choice", Choice);
}
