/**
 * How points are earned, and where they went. The app has worded everything; this only lays it out.
 */
import { el, empty, icon } from "./elements.js";

const ENTRY_ICONS = { plus: "bag", minus: "tag", none: "clock" };

/** How points are earned. */
export function earnList(panel) {
  const { earn } = panel.data;
  if (earn.length === 0) return empty(panel, panel.words.earn_empty);
  return el(
    "ul",
    {},
    ...earn.map((way) =>
      el(
        "li",
        {},
        el("span", { class: "icon" }, icon(way.icon ?? "bag")),
        el("div", {}, el("b", {}, way.title), el("p", { class: "muted" }, way.detail)),
      ),
    ),
  );
}

/** Every movement of points, each with its receipt. */
export function historyList(panel) {
  const { history, history_older: older } = panel.data;
  if (history.length === 0) return empty(panel, panel.words.history_empty);
  return el(
    "ul",
    {},
    ...history.map((entry) => historyRow(panel, entry)),
    older != null && el("li", { class: "end" }, olderButton(panel)),
  );
}

function olderButton(panel) {
  const ask = panel.asks.get("history") ?? {};
  return [
    el(
      "button",
      {
        class: "button",
        type: "button",
        "data-focus": "older",
        "aria-busy": ask.busy && "true",
        "aria-disabled": ask.busy && "true",
        click: () => panel.showOlder(),
      },
      el("span", {}, ask.again ? panel.words.retry : panel.words.more),
    ),
    ask.error && el("p", { class: "error", role: "alert" }, ask.error),
  ];
}

function historyRow(panel, entry) {
  const sign = entry.sign ?? "none";
  return el(
    "li",
    {},
    el("span", { class: "icon" }, icon(entry.icon ?? ENTRY_ICONS[sign])),
    el(
      "div",
      {},
      el("b", {}, entry.title),
      el("p", { class: "muted" }, [entry.date, entry.note].filter(Boolean).join(" · ")),
    ),
    el("span", { class: `points ${sign}` }, entry.points),
    entry.receipt?.length > 0 && receipt(panel, entry),
  );
}

function receipt(panel, entry) {
  // What the shopper opened stays open when the list is drawn anew.
  const toggle = ({ target }) => (entry.open = target.open);
  return el(
    "details",
    { open: entry.open && "", toggle },
    el("summary", {}, panel.words.receipt),
    el(
      "table",
      {},
      ...entry.receipt.map((line) =>
        el("tr", {}, el("td", {}, line.text), el("td", {}, line.points)),
      ),
    ),
    (entry.receipt_notes ?? []).map((note) => el("p", { class: "muted" }, note)),
  );
}

/** Rows of the height that real ones have, while the app is asked. */
export function skeletonList(label) {
  const row = () =>
    el("li", {}, el("span", { class: "icon bone" }), el("div", {}, bone("half"), bone("short")));
  return el("ul", { "aria-busy": "true", "aria-label": label }, row(), row(), row(), row());
}

function bone(size) {
  return el("span", { class: `bone ${size}` });
}
