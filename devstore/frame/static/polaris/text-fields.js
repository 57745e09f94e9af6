/** The fields one types into: text, number, money, e-mail, URL, password, search, colour, date and text area. */
import { define } from "./element.js";
import { FIELD_CSS, FIELD_PROPERTIES, FieldElement, fieldTemplate } from "./field.js";
import { iconSvg } from "./icons.js";
import { submitImplicitly } from "./commands.js";

const TYPED_PROPERTIES = {
  ...FIELD_PROPERTIES,
  placeholder: "text",
  readOnly: "boolean",
  autocomplete: "text",
};
const LENGTHS = { minLength: "text", maxLength: "text" };

class TypedField extends FieldElement {
  static properties = { ...TYPED_PROPERTIES, ...LENGTHS };
  static inputType = "text";
  static copied = ["placeholder", "autocomplete", "minlength", "maxlength"];
  static template = fieldTemplate('<input class="control" id="control">');

  constructor() {
    super();
    this.control.type = this.constructor.inputType;
    this.control.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) submitImplicitly(this.form);
    });
  }

  describe() {
    super.describe();
    for (const name of this.constructor.copied) {
      if (this.hasAttribute(name)) this.control.setAttribute(name, this.getAttribute(name));
      else this.control.removeAttribute(name);
    }
    this.control.readOnly = this.readOnly;
    this.affix(".prefix", this.prefixWords());
    this.affix(".suffix", this.suffixWords());
  }

  prefixWords() {
    return "";
  }

  suffixWords() {
    return "";
  }

  affix(selector, words) {
    const place = this.part(selector);
    place.hidden = !words;
    place.textContent = words;
  }
}

class TextField extends TypedField {
  static properties = { ...TypedField.properties, prefix: "text", suffix: "text", icon: "text" };
  static template = fieldTemplate(
    '<input class="control" id="control">',
    '<slot name="accessory"></slot>',
  );

  prefixWords() {
    return this.getAttribute("prefix");
  }

  suffixWords() {
    return this.getAttribute("suffix");
  }

  describe() {
    super.describe();
    if (!this.icon) return;
    this.part(".prefix").hidden = false;
    this.part(".prefix").innerHTML = iconSvg(this.icon);
  }
}

class EmailField extends TypedField {
  static inputType = "email";
}

class UrlField extends TypedField {
  static inputType = "url";
}

class PasswordField extends TypedField {
  static inputType = "password";
}

class SearchField extends TypedField {
  static inputType = "search";

  describe() {
    super.describe();
    this.part(".prefix").hidden = false;
    this.part(".prefix").innerHTML = iconSvg("search");
  }
}

/** Typed as text and submitted as typed, as Polaris does: the app judges it; the arrow keys step it. */
class NumberField extends TypedField {
  static properties = {
    ...TYPED_PROPERTIES,
    inputMode: "text",
    min: "text",
    max: "text",
    step: "text",
    prefix: "text",
    suffix: "text",
  };
  static inputType = "number";
  static copied = ["placeholder", "autocomplete", "min", "max", "step"];
  static css = `${FIELD_CSS} .control { font-variant-numeric: tabular-nums; }`;

  describe() {
    super.describe();
    this.control.inputMode = this.getAttribute("inputmode") || "decimal";
    if (!this.hasAttribute("step")) this.control.step = "any";
  }

  prefixWords() {
    return this.getAttribute("prefix");
  }

  suffixWords() {
    return this.getAttribute("suffix");
  }
}

/** The symbol and place of a currency as the page's language writes it, such as ["฿", ""] or ["", "kr"]. */
function currencyWords(code, language) {
  const parts = new Intl.NumberFormat(language || "en", {
    style: "currency",
    currency: code,
    currencyDisplay: "narrowSymbol",
  }).formatToParts(1);
  const symbol = parts.find((part) => part.type === "currency").value;
  return parts[0].type === "currency" ? [symbol, ""] : ["", symbol];
}

class MoneyField extends TypedField {
  static properties = { ...TYPED_PROPERTIES, min: "text", max: "text", currencyCode: "text" };
  static copied = ["placeholder", "autocomplete"];
  static css = `${FIELD_CSS} .control { font-variant-numeric: tabular-nums; }`;

  currency() {
    const code =
      this.currencyCode && this.currencyCode !== "auto"
        ? this.currencyCode
        : globalThis.shopify?.config?.currencyCode;
    return code ? currencyWords(code, document.documentElement.lang) : ["", ""];
  }

  describe() {
    super.describe();
    this.control.inputMode = "decimal";
  }

  prefixWords() {
    return this.currency()[0];
  }

  suffixWords() {
    return this.currency()[1];
  }
}

class ColorField extends TypedField {
  static properties = { ...TYPED_PROPERTIES, alpha: "boolean" };
  static css = `${FIELD_CSS} .swatch { all: unset; inline-size: 20px; block-size: 20px; border-radius: 6px; overflow: hidden; box-shadow: inset 0 0 0 1px rgb(0 0 0 / .2); cursor: pointer; } .swatch::-webkit-color-swatch-wrapper { padding: 0; } .swatch::-webkit-color-swatch { border: 0; } .swatch:focus-visible { outline: 2px solid var(--p-focus); }`;
  static template = fieldTemplate(
    '<input class="swatch" type="color" aria-label="Pick a colour"><input class="control" id="control">',
  );

  constructor() {
    super();
    const swatch = this.part(".swatch");
    swatch.addEventListener("input", () => this.pick(swatch.value));
    swatch.addEventListener("change", () =>
      this.dispatchEvent(new Event("change", { bubbles: true })),
    );
  }

  pick(colour) {
    this.value = colour;
  }

  describe() {
    super.describe();
    this.part(".swatch").disabled = this.disabled;
    if (this.label) this.part(".swatch").setAttribute("aria-label", `${this.label}: pick`);
  }

  submitValue() {
    super.submitValue();
    if (/^#[0-9a-f]{6}$/i.test(this.value)) this.part(".swatch").value = this.value;
  }
}

class DateField extends TypedField {
  static properties = {
    ...TYPED_PROPERTIES,
    view: "text",
    allow: "text",
    disallow: "text",
    allowDays: "text",
    disallowDays: "text",
  };
  static inputType = "date";

  /** `allow="2026-01-01--2026-12-31"` bounds the calendar; either end may be missing. */
  describe() {
    super.describe();
    const [from, to] = this.allow.includes("--") ? this.allow.split("--") : ["", ""];
    this.control.min = from;
    this.control.max = to;
  }
}

class TextArea extends FieldElement {
  static properties = { ...TYPED_PROPERTIES, ...LENGTHS, rows: "text" };
  static css = `${FIELD_CSS} .control { resize: vertical; white-space: pre-wrap; overflow-wrap: break-word; }`;
  static template = fieldTemplate('<textarea class="control" id="control"></textarea>');

  describe() {
    super.describe();
    this.control.rows = Number(this.rows) || 2;
    this.control.placeholder = this.placeholder;
    this.control.readOnly = this.readOnly;
  }
}

export function defineTextFields() {
  define("s-text-field", TextField);
  define("s-email-field", EmailField);
  define("s-url-field", UrlField);
  define("s-password-field", PasswordField);
  define("s-search-field", SearchField);
  define("s-number-field", NumberField);
  define("s-money-field", MoneyField);
  define("s-color-field", ColorField);
  define("s-date-field", DateField);
  define("s-text-area", TextArea);
}
