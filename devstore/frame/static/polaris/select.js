/** s-select with s-option and s-option-group: a native select drawn from the light-DOM options. */
import { PolarisElement, define } from "./element.js";
import { FIELD_CSS, FIELD_PROPERTIES, FieldElement, fieldTemplate } from "./field.js";
import { iconSvg } from "./icons.js";

class OptionElement extends PolarisElement {
  static properties = { value: "text", disabled: "boolean", selected: "boolean" };
  static css = ":host { display: none; }";
}

class OptionGroup extends PolarisElement {
  static properties = { label: "text", disabled: "boolean" };
  static css = ":host { display: none; }";
}

function nativeOption(source) {
  const text = source.textContent.trim();
  const option = new Option(text, source.getAttribute("value") ?? text);
  option.disabled = source.hasAttribute("disabled");
  option.defaultSelected = source.hasAttribute("selected");
  return option;
}

function nativeGroup(source) {
  const group = document.createElement("optgroup");
  group.label = source.getAttribute("label") ?? "";
  group.disabled = source.hasAttribute("disabled");
  group.append(...[...source.querySelectorAll("s-option")].map(nativeOption));
  return group;
}

class Select extends FieldElement {
  static properties = { ...FIELD_PROPERTIES, placeholder: "text", icon: "text" };
  static css = `${FIELD_CSS} .control { cursor: pointer; } .suffix svg { width: 16px; height: 16px; } .frame { position: relative; }`;
  static template = `${fieldTemplate('<select class="control" id="control"></select>')}<slot hidden></slot>`;

  constructor() {
    super();
    this.part(".suffix").innerHTML = iconSvg("chevron-down");
    this.part(".suffix").hidden = false;
    this.observer = new MutationObserver(() => this.update());
  }

  connectedCallback() {
    this.observer.observe(this, {
      childList: true,
      subtree: true,
      characterData: true,
      attributes: true,
      attributeFilter: ["value", "selected", "disabled", "label"],
    });
    super.connectedCallback();
  }

  disconnectedCallback() {
    this.observer.disconnect();
  }

  update() {
    const chosen = this.touched ? this.control.value : undefined;
    this.fill();
    if (chosen !== undefined) this.control.value = chosen;
    super.update();
  }

  fill() {
    const sources = [...this.children].filter((child) => child.matches("s-option, s-option-group"));
    const nodes = sources.map((child) =>
      child.matches("s-option") ? nativeOption(child) : nativeGroup(child),
    );
    if (this.placeholder) nodes.unshift(this.placeholderOption());
    this.control.replaceChildren(...nodes);
  }

  placeholderOption() {
    const option = new Option(this.placeholder, "");
    option.disabled = true;
    option.hidden = true;
    return option;
  }

  get defaultValue() {
    return (
      this.getAttribute("value") ??
      this.querySelector("s-option[selected]")?.getAttribute("value") ??
      this.firstValue()
    );
  }

  firstValue() {
    if (this.placeholder) return "";
    const first = this.querySelector("s-option");
    return first ? (first.getAttribute("value") ?? first.textContent.trim()) : "";
  }
}

export function defineSelect() {
  define("s-option", OptionElement);
  define("s-option-group", OptionGroup);
  define("s-select", Select);
}
