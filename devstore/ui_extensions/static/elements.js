/* Stand-ins for the s-* elements of Shopify's checkout and accounts: enough of each for an extension to be seen and used offline.

   Layout elements (s-stack, s-box, s-grid …) turn their attributes into styles, here; what draws itself in a shadow root is in
   controls.js and page.js. Attribute names are those of @shopify/ui-extensions 2026.7, in lower case. */
import "./controls.js";
import "./page.js";
import { responsive } from "./responsive.js";

const SPACES = {
  none: "0",
  "small-500": "2px",
  "small-400": "4px",
  "small-300": "6px",
  "small-200": "8px",
  "small-100": "11px",
  small: "11px",
  base: "14px",
  large: "18px",
  "large-100": "18px",
  "large-200": "22px",
  "large-300": "26px",
  "large-400": "32px",
  "large-500": "38px",
};

const ALIGNMENTS = {
  start: "flex-start",
  end: "flex-end",
  center: "center",
  baseline: "baseline",
  stretch: "stretch",
};

const spaces = (value) =>
  value
    .split(/\s+/)
    .map((word) => SPACES[word] ?? word)
    .join(" ");
const asItIs = (value) => value;

const STYLES = {
  gap: ["gap", spaces],
  rowgap: ["rowGap", spaces],
  columngap: ["columnGap", spaces],
  padding: ["padding", spaces],
  paddingblock: ["paddingBlock", spaces],
  paddingblockstart: ["paddingBlockStart", spaces],
  paddingblockend: ["paddingBlockEnd", spaces],
  paddinginline: ["paddingInline", spaces],
  paddinginlinestart: ["paddingInlineStart", spaces],
  paddinginlineend: ["paddingInlineEnd", spaces],
  alignitems: ["alignItems", (value) => ALIGNMENTS[value] ?? value],
  aligncontent: ["alignContent", asItIs],
  justifycontent: ["justifyContent", asItIs],
  justifyitems: ["justifyItems", asItIs],
  gridtemplatecolumns: ["gridTemplateColumns", asItIs],
  gridtemplaterows: ["gridTemplateRows", asItIs],
  gridcolumn: ["gridColumn", asItIs],
  inlinesize: ["inlineSize", asItIs],
  blocksize: ["blockSize", asItIs],
  mininlinesize: ["minInlineSize", asItIs],
  maxinlinesize: ["maxInlineSize", asItIs],
  minblocksize: ["minBlockSize", asItIs],
  overflow: ["overflow", asItIs],
};

class Layout extends HTMLElement {
  static observedAttributes = [...Object.keys(STYLES), "accessibilitylabel", "accessibilityrole"];

  attributeChangedCallback(name, _before, value) {
    if (name === "accessibilitylabel") this.setAttribute("aria-label", value ?? "");
    else if (name === "accessibilityrole") this.setAttribute("role", value ?? "generic");
    else {
      const [property, read] = STYLES[name];
      const fixed = value === null || value.startsWith("@container") ? "" : read(value);
      this.style[property] = fixed;
      responsive(this, name, property, fixed === "" ? value : null, read);
    }
  }
}

class Heading extends Layout {
  connectedCallback() {
    this.setAttribute("role", "heading");
    this.setAttribute("aria-level", "3");
  }
}

const LAYOUTS = [
  "stack",
  "box",
  "grid",
  "grid-item",
  "paragraph",
  "text",
  "divider",
  "badge",
  "unordered-list",
  "ordered-list",
  "list-item",
  "query-container",
];
for (const name of LAYOUTS) customElements.define(`s-${name}`, class extends Layout {});
customElements.define("s-heading", Heading);
