/**
 * The three tabs. One of them is in the tab order; the arrow keys move between them.
 */
import { el } from "./elements.js";

const TABS = ["rewards", "earn", "history"];

/** Returns the tabs of `panel`, whose `tab` they set. */
export function tabList(panel) {
  const tabs = TABS.map((name) =>
    el(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${name}`,
        "aria-controls": "body",
        click: () => choose(name),
      },
      panel.words[name],
    ),
  );
  mark();
  return el("div", { role: "tablist", "aria-label": panel.words.sections, keydown: move }, ...tabs);

  function choose(name) {
    panel.tab = name;
    mark();
    panel.render();
  }

  function mark() {
    TABS.forEach((name, at) => {
      const chosen = name === panel.tab;
      tabs[at].setAttribute("aria-selected", String(chosen));
      tabs[at].tabIndex = chosen ? 0 : -1;
    });
  }

  function move(event) {
    const forwards = getComputedStyle(event.currentTarget).direction === "rtl" ? -1 : 1;
    const steps = { ArrowRight: forwards, ArrowLeft: -forwards };
    const at = TABS.indexOf(panel.tab);
    let next;
    if (event.key in steps) next = (at + steps[event.key] + TABS.length) % TABS.length;
    else if (event.key === "Home") next = 0;
    else if (event.key === "End") next = TABS.length - 1;
    else return;
    event.preventDefault();
    choose(TABS[next]);
    tabs[next].focus();
  }
}
