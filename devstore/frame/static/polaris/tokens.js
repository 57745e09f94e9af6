/** The looks of the Shopify admin in 2026 as custom properties, and the keywords of spacing, borders and colours as CSS. */

export const SHARED_CSS = `
  :host { --p-ink: #303030; --p-subdued: #616161; --p-line: #e3e3e3; --p-field: #8a8a8a; --p-focus: #005bd3; --p-critical: #8e0b21;
    --p-font: Inter, -apple-system, BlinkMacSystemFont, "San Francisco", "Segoe UI", "Noto Sans Thai", Roboto, "Helvetica Neue", sans-serif;
    box-sizing: border-box; font-family: var(--p-font); }
  :host([hidden]) { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  .visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0; }
  [hidden] { display: none !important; }
  svg { display: block; width: 20px; height: 20px; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
  @media (prefers-reduced-motion: reduce) { *, *::before, *::after { animation-duration: 1ms !important; transition: none !important; } }
`;

const SPACES = {
  none: "0",
  0: "0",
  "small-500": "2px",
  "small-400": "4px",
  "small-300": "6px",
  "small-200": "8px",
  "small-100": "12px",
  small: "12px",
  base: "16px",
  large: "20px",
  "large-100": "20px",
  "large-200": "24px",
  "large-300": "32px",
  "large-400": "40px",
  "large-500": "48px",
};

const RADII = {
  none: "0",
  "small-200": "2px",
  "small-100": "4px",
  small: "4px",
  base: "8px",
  large: "12px",
  "large-100": "12px",
  "large-200": "16px",
  max: "999px",
};
const WIDTHS = {
  none: "0",
  "small-100": "0.66px",
  small: "0.66px",
  base: "1px",
  large: "2px",
  "large-100": "2px",
  "large-200": "4px",
};
const LINES = { subdued: "#ebebeb", base: "#e3e3e3", strong: "#8a8a8a" };
const STYLES = new Set(["none", "solid", "dashed", "dotted", "auto"]);
export const BACKGROUNDS = {
  transparent: "transparent",
  base: "#fff",
  subdued: "#f7f7f7",
  strong: "#ebebeb",
};

export const TONES = {
  auto: "inherit",
  neutral: "inherit",
  info: "#003a5a",
  success: "#0c5132",
  caution: "#4f4700",
  warning: "#5e4200",
  critical: "#8e0b21",
};

const each = (table) => (words) =>
  words
    .trim()
    .split(/\s+/)
    .map((word) => table[word] ?? word)
    .join(" ");

export const space = each(SPACES);
const radius = each(RADII);
const width = each(WIDTHS);
const asItIs = (words) => words;

/** Translate `border="base strong dashed"`: a width, then a colour and a style in any order. */
function borderOf(words) {
  const [size, ...rest] = words.trim().split(/\s+/);
  if (size === "none") return "none";
  const style = rest.find((word) => STYLES.has(word)) ?? "solid";
  const colour = rest.find((word) => word in LINES) ?? "base";
  return `${WIDTHS[size] ?? WIDTHS.base} ${style === "auto" ? "solid" : style} ${LINES[colour]}`;
}

const BOX_RULES = {
  background: ["background", each(BACKGROUNDS)],
  border: ["border", borderOf],
  borderWidth: ["border-width", width],
  borderStyle: ["border-style", asItIs],
  borderColor: ["border-color", each(LINES)],
  borderRadius: ["border-radius", radius],
  padding: ["padding", space],
  paddingBlock: ["padding-block", space],
  paddingBlockStart: ["padding-block-start", space],
  paddingBlockEnd: ["padding-block-end", space],
  paddingInline: ["padding-inline", space],
  paddingInlineStart: ["padding-inline-start", space],
  paddingInlineEnd: ["padding-inline-end", space],
  blockSize: ["block-size", asItIs],
  minBlockSize: ["min-block-size", asItIs],
  maxBlockSize: ["max-block-size", asItIs],
  inlineSize: ["inline-size", asItIs],
  minInlineSize: ["min-inline-size", asItIs],
  maxInlineSize: ["max-inline-size", asItIs],
  overflow: ["overflow", asItIs],
  display: ["display", (words) => (words === "none" ? "none" : "")],
};

const FLOW_RULES = {
  gap: ["gap", space],
  rowGap: ["row-gap", space],
  columnGap: ["column-gap", space],
  alignItems: ["align-items", asItIs],
  justifyItems: ["justify-items", asItIs],
  placeItems: ["place-items", asItIs],
  alignContent: ["align-content", asItIs],
  justifyContent: ["justify-content", asItIs],
  placeContent: ["place-content", asItIs],
  gridTemplateColumns: ["grid-template-columns", asItIs],
  gridTemplateRows: ["grid-template-rows", asItIs],
  gridColumn: ["grid-column", asItIs],
  gridRow: ["grid-row", asItIs],
  direction: ["flex-flow", (words) => (words === "inline" ? "row wrap" : "column nowrap")],
};

const RULES = { ...BOX_RULES, ...FLOW_RULES };

export const BOX_PROPERTIES = {
  ...Object.fromEntries(Object.keys(BOX_RULES).map((name) => [name, "text"])),
  accessibilityVisibility: "text",
  accessibilityRole: "text",
  accessibilityLabel: "text",
};

/** Split `@container (inline-size > 500px) 1fr 1fr, 1fr` into its choices; a plain value is one choice without a condition. */
function choicesOf(value) {
  if (!value.trimStart().startsWith("@container")) return [{ condition: "", words: value }];
  const parts = value.split(/,(?![^()]*\))/);
  return parts.map((part) => {
    const match = /^\s*(@container\s+[^()]*\([^()]*\))\s*(.*)$/s.exec(part);
    return match ? { condition: match[1], words: match[2] } : { condition: "", words: part.trim() };
  });
}

/** Outranks the element's own sheet, which is adopted and so comes later. */
const HOST = ":host(:not(#_))";

/** Return the CSS rules that an element's box and flow attributes stand for, the first matching condition winning. */
export function hostRules(element, names) {
  const rules = [];
  for (const name of names) {
    const value = element.getAttribute(name.toLowerCase());
    if (value === null || value === "" || !RULES[name]) continue;
    const [property, translate] = RULES[name];
    for (const { condition, words } of choicesOf(value).reverse()) {
      const declaration = `${HOST} { ${property}: ${translate(words)}; }`;
      rules.push(condition ? `${condition} { ${declaration} }` : declaration);
    }
  }
  return rules.join("\n");
}
