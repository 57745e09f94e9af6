/**
 * What stands at the top of the panel: the balance, the tier, or what joining brings.
 */
import { el } from "./elements.js";

/** The balance as the one first number, and what will become of it. */
export function hero(balance, loading) {
  return el(
    "div",
    {},
    el(
      "p",
      { class: "balance" },
      el("strong", {}, balance.text),
      " ",
      el("span", {}, balance.unit),
    ),
    el(
      "p",
      { class: "notes" },
      loading ? el("span", { class: "bone short" }) : (balance.notes ?? []).join(" · "),
    ),
  );
}

/** The tier and the way to the next one, as a list of at most one element. */
export function tierCard(tier, loading) {
  if (!tier) return [];
  return [
    el(
      "section",
      { class: "card" },
      el(
        "div",
        { class: "row" },
        el("b", {}, tier.name),
        tier.next && el("span", { class: "muted" }, tier.next),
      ),
      tier.next && track(tier),
      (loading || tier.remaining) &&
        el(
          "p",
          { class: "muted" },
          ...(loading ? [el("span", { class: "bone short" })] : wayOn(tier)),
        ),
      tier.keep && el("p", { class: "muted" }, tier.keep),
      tier.perks && el("p", { class: "muted" }, tier.name, ": ", tier.perks),
    ),
  ];
}

/** How far it is to the next tier, and what this one brings. */
function wayOn({ remaining, detail }) {
  return [remaining && el("b", {}, remaining), remaining && detail && " · ", detail];
}

function track(tier) {
  const percent = Math.max(0, Math.min(100, tier.percent));
  return el(
    "div",
    {
      class: "track",
      role: "progressbar",
      "aria-label": tier.remaining || tier.next,
      "aria-valuemin": "0",
      "aria-valuemax": "100",
      "aria-valuenow": String(percent),
    },
    el("i", { style: `inline-size: ${percent}%` }),
  );
}

/** What a guest sees: what joining brings, and the two ways in. */
export function joinPanel(join, { links, words }) {
  return el(
    "div",
    { class: "join" },
    el("h2", {}, join.headline),
    el("p", { class: "sub" }, join.sub),
    el("ol", {}, ...join.steps.map((step) => el("li", {}, el("span", {}, step)))),
    el("a", { class: "button", href: links.register }, words.join),
    el("a", { class: "button quiet", href: links.login }, words.account),
  );
}
