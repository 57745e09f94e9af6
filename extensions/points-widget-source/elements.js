/**
 * Builds elements. Text only ever becomes text nodes, so no answer can bring markup along.
 */

const SVG = "http://www.w3.org/2000/svg";

/** Drawn on a grid of 24 with a stroke of 1.6. */
const ICONS = {
  tag: "M4 12.5V5a1 1 0 0 1 1-1h7.5l7.5 7.5-8.5 8.5zM8.2 8.2h.01",
  truck:
    "M3 6.5h10.5v10H3zM13.5 10H18l3 3.2v3.3h-7.5M7 18.5a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2zM17 18.5a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2z",
  percent: "M6 18 18 6M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM16 18a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  gift: "M4.5 12h15v8h-15zM3.5 8h17v4h-17zM12 8v12M12 8S10.6 3.6 8.2 4 8.4 8 12 8zm0 0s1.4-4.4 3.8-4S15.6 8 12 8z",
  bag: "M5.5 8h13l1 12h-15zM9 11V7a3 3 0 0 1 6 0v4",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 7.500V12l3 2",
  wallet: "M4 7.500h14.500a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zm0 0 11-3v3M16 13h.01",
  card: "M3.5 6h17v12h-17zM3.5 10h17M7 14.500h4",
  heart: "M12 19.500S4 15 4 9.500A4 4 0 0 1 12 8a4 4 0 0 1 8 1.500c0 5.500-8 10-8 10z",
  star: "m12 4 2.400 5 5.600.7-4.100 3.900 1 5.500-4.900-2.700-4.900 2.700 1-5.500L4 9.700 9.600 9z",
  close: "m6.5 6.5 11 11M17.5 6.500l-11 11",
  check: "m5 12.5 4.5 4.500L19 7.5",
};

/**
 * Returns a new element.
 *
 * An attribute that is false, null or undefined is left out; a function listens to that event.
 * Children may be nodes, texts, lists of them, or nothing (null, false).
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value != null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/** Returns the drawing called `name`, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name] ?? ICONS.gift);
  svg.append(path);
  return svg;
}

/** Returns `words` with `%s` replaced by `name`. */
export function fill(words, name) {
  return words.replace("%s", () => name);
}

/** Returns the same as a list of nodes, the name in bold. */
export function fillBold(words, name) {
  const [before, after = ""] = words.split("%s");
  return [before, el("b", {}, name), after];
}

/** Returns a list's words for when nothing is in it yet. */
export function empty(panel, words) {
  return el("p", { class: "empty" }, fill(words, panel.config.points_name));
}
