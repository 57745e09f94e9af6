/**
 * The lines at the panel's foot: rewards that were redeemed and not used yet, each with its way back
 * where there is one.
 *
 * The foot is always in sight and nothing moves when a line comes or goes.
 */
import { find } from "./cart.js";
import { el, fill, fillBold, icon } from "./elements.js";

/** Returns the line of `redemption`: on the cart, for later, ready to use, or still on its way. */
export function trayLine(panel, redemption) {
  const { words, asks } = panel;
  const ask = asks.get(`redemption:${redemption.id}`) ?? {};
  const place = placeOf(panel.cart, redemption);
  const held = redemption.waits || ask.busy;
  return el(
    "section",
    { class: `line ${place}`, "aria-busy": held && "true" },
    el("span", { class: "mark" }, held ? el("i", { class: "spinner" }) : icon("check")),
    el("p", {}, ...said(words, redemption, place)),
    el(
      "span",
      { class: "ways" },
      place === "ready" && way(words.use, `use:${redemption.id}`, () => panel.use(redemption)),
      redemption.undo &&
        way(words.undo, `undo:${redemption.id}`, () => panel.undo(redemption), {
          "aria-label": fill(words.undo_named, redemption.title),
        }),
    ),
    redemption.code && codeRow(panel, redemption),
    ask.error && el("p", { class: "error", role: "alert" }, ask.error),
  );
}

/** Returns a line that only says something. */
export function noticeLine(text) {
  return el("p", { class: "line notice" }, text);
}

/** The app's words, unless the code is one for the cart: only the page knows where that is. */
function said(words, redemption, place) {
  const { title, text, hint } = redemption;
  if (place === "held") return [el("b", {}, title), " ", el("span", { class: "muted" }, text)];
  if (place === "waiting" && hint) return [el("b", {}, title), " · ", hint];
  return place in words ? fillBold(words[place], title) : [text];
}

/** Says where the code is: the cart alone knows, and while it is unknown the code is just ready. */
function placeOf(cart, redemption) {
  if (redemption.waits) return "held";
  if (!redemption.cart) return "done";
  const entry = find(cart, redemption.code);
  if (entry) return entry.applicable === false ? "waiting" : "on_cart";
  return cart?.count === 0 ? "later" : "ready";
}

function codeRow(panel, redemption) {
  const { words } = panel;
  const copy = way(words.copy, `copy:${redemption.id}`, async () => {
    // Where the clipboard is closed the code is still there to select.
    await navigator.clipboard.writeText(redemption.code).then(
      () => (copy.textContent = words.copied),
      () => {},
    );
  });
  return el(
    "p",
    { class: "code muted" },
    el("code", {}, redemption.code),
    copy,
    redemption.expires && el("span", {}, redemption.expires),
  );
}

function way(text, focus, click, attributes = {}) {
  return el(
    "button",
    { class: "link", type: "button", "data-focus": focus, click, ...attributes },
    text,
  );
}
