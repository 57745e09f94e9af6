/** The base of the form fields: label, control, details and error, form-associated, with `value` the default as in native inputs. */
import { PolarisElement } from "./element.js";
import { iconSvg } from "./icons.js";

export const FIELD_PROPERTIES = {
  name: "text",
  value: "text",
  label: "text",
  details: "text",
  error: "text",
  required: "boolean",
  disabled: "boolean",
  labelAccessibilityVisibility: "text",
};

export const FIELD_CSS = `
  :host { display: block; color: var(--p-ink); font: 450 13px/20px var(--p-font); min-inline-size: 0; }
  .field { display: grid; gap: 4px; min-inline-size: 0; }
  label.title, legend { padding: 0; font-weight: 450; }
  .frame { display: flex; align-items: center; gap: 6px; min-block-size: 32px; padding-inline: 12px; border: 1px solid var(--p-field); border-radius: 8px; background: #fdfdfd; }
  .frame:hover { border-color: #616161; background: #fafafa; }
  .frame:focus-within { outline: 2px solid var(--p-focus); outline-offset: 1px; background: #fff; border-color: var(--p-ink); }
  .frame.wrong { border-color: var(--p-critical); background: #fee8eb; }
  .frame.off { background: #f2f2f2; border-color: #d4d4d4; color: #616161; }
  .control { all: unset; box-sizing: border-box; flex: 1; inline-size: 100%; min-inline-size: 0; min-block-size: 30px; padding-block: 5px; font: inherit; line-height: 20px; color: inherit; text-align: start; }
  .control::placeholder { color: #6b6b6b; }
  .prefix, .suffix { color: var(--p-subdued); white-space: nowrap; } .prefix svg { width: 18px; height: 18px; }
  .details { color: var(--p-subdued); }
  .error { display: flex; gap: 4px; align-items: flex-start; color: var(--p-critical); } .error svg { width: 18px; height: 18px; margin-block-start: 1px; flex: none; }
  @media (pointer: coarse) { .frame { min-block-size: 40px; } .control { font-size: 16px; } }
`;

/** Return the template of a field around `control`, which carries the id and the class `control`; `after` stands in its frame's end. */
export const fieldTemplate = (control, after = "") => `
  <div class="field">
    <label class="title" for="control"></label>
    <div class="frame"><span class="prefix" hidden></span>${control}<span class="suffix" hidden></span>${after}</div>
    ${NOTES_TEMPLATE}
  </div>`;

export const NOTES_TEMPLATE = `
  <div class="error" id="error" hidden><span class="mark" aria-hidden="true"></span><span class="words"></span><slot name="error"></slot></div>
  <div class="details" id="details" hidden><span class="words"></span><slot name="details"></slot></div>`;

export class FieldElement extends PolarisElement {
  static formAssociated = true;
  static delegatesFocus = true;
  static properties = FIELD_PROPERTIES;
  static css = FIELD_CSS;

  /** Once the shopper or a script has set a value, a change of the default no longer shows. */
  touched = false;

  constructor() {
    super();
    this.internals = this.attachInternals();
    this.part(".mark").innerHTML = iconSvg("alert-circle");
    this.control.addEventListener("input", () => this.accept());
    this.control.addEventListener("change", () =>
      this.dispatchEvent(new Event("change", { bubbles: true })),
    );
  }

  get control() {
    return this.part(".control");
  }

  get form() {
    return this.internals.form;
  }

  get value() {
    return this.control.value;
  }

  set value(text) {
    this.touched = true;
    this.show(text ?? "");
  }

  get defaultValue() {
    return this.getAttribute("value") ?? "";
  }

  set defaultValue(text) {
    this.setAttribute("value", text);
  }

  get validity() {
    return this.control.validity;
  }

  get validationMessage() {
    return this.control.validationMessage;
  }

  get willValidate() {
    return this.internals.willValidate;
  }

  // Polaris leaves judging to the app: what is wrong with a field never holds its form up.
  checkValidity() {
    return this.control.checkValidity();
  }

  reportValidity() {
    return this.control.reportValidity();
  }

  update() {
    this.describe();
    if (!this.touched) this.show(this.defaultValue);
    else this.submitValue();
  }

  describe() {
    const { control } = this;
    const title = this.part(".title");
    title.textContent = this.label;
    title.classList.toggle(
      "visually-hidden",
      this.labelAccessibilityVisibility === "exclusive" || !this.label,
    );
    this.part(".frame")?.classList.toggle("wrong", this.wrong());
    this.part(".frame")?.classList.toggle("off", this.disabled);
    control.disabled = this.disabled;
    control.toggleAttribute("aria-required", false);
    if (this.required) control.setAttribute("aria-required", "true");
    if (!this.label && this.placeholder) control.setAttribute("aria-label", this.placeholder);
    this.describeNotes(control);
  }

  wrong() {
    return Boolean(this.error) || this.querySelector(":scope > [slot=error]") !== null;
  }

  describeNotes(control) {
    for (const name of ["error", "details"]) {
      this.part(`#${name} .words`).textContent = this[name];
      this.part(`#${name}`).hidden =
        !this[name] && this.querySelector(`:scope > [slot=${name}]`) === null;
    }
    if (this.wrong()) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    const notes = ["error", "details"].filter((name) => !this.part(`#${name}`).hidden);
    if (notes.length) control.setAttribute("aria-describedby", notes.join(" "));
    else control.removeAttribute("aria-describedby");
  }

  show(text) {
    this.control.value = text;
    this.submitValue();
  }

  accept() {
    this.touched = true;
    this.submitValue();
  }

  submitValue() {
    this.internals.setFormValue(this.value);
  }

  formResetCallback() {
    this.touched = false;
    this.show(this.defaultValue);
  }

  formStateRestoreCallback(state) {
    if (typeof state === "string") this.value = state;
  }

  formDisabledCallback(disabled) {
    this.control.disabled = disabled || this.disabled;
    this.part(".frame")?.classList.toggle("off", this.control.disabled);
  }
}
