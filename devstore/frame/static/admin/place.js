/** Where the app is: the address bar, the title, and the app's links in the navigation. */
import { on, tell } from "./channel.js";
import { confirmLeaving } from "./save-bar.js";

const HOME = "/admin/apps/regulars";
const nav = document.querySelector(".nav");
const links = nav.querySelector(".app-links");
const appLink = nav.querySelector(".app-link");
const title = document.querySelector(".app-bar .title");
const storeName = document.body.dataset.store;
let path = "/";

const addressOf = (appPath) => HOME + (appPath === "/" ? "" : appPath.replace(/^\/(?=\?)/, ""));
const isUnder = (href) =>
  path === href || path.startsWith(`${href}/`) || path.startsWith(`${href}?`);

/** Mark the link whose address is the longest beginning of the app's path; the app itself where none is. */
function markCurrent() {
  const all = [...links.querySelectorAll("a")];
  const matching = all
    .filter((link) => isUnder(link.dataset.path))
    .sort((a, b) => b.dataset.path.length - a.dataset.path.length);
  for (const link of [...all, appLink]) link.removeAttribute("aria-current");
  (matching[0] ?? appLink).setAttribute("aria-current", "page");
}

function onPlace({ path: now, title: words, bar }) {
  path = now;
  history.replaceState(null, "", addressOf(now));
  title.textContent = bar || "Regulars";
  document.title = words ? `${words} · ${storeName}` : storeName;
  document.querySelector(".loading").hidden = true;
  markCurrent();
}

function onLinks({ links: sent }) {
  const shown = sent.filter((link) => !link.home);
  links.replaceChildren(
    ...shown.map(({ text, href }) => {
      const link = document.createElement("a");
      link.textContent = text;
      link.href = addressOf(href);
      link.dataset.path = href;
      return link;
    }),
  );
  const home = sent.find((link) => link.home);
  if (home) appLink.dataset.path = home.href;
  markCurrent();
}

const opensElsewhere = (event) =>
  event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0;

async function onClick(event) {
  const link = event.target.closest("a[href]");
  if (!link || link.target || opensElsewhere(event)) return;
  event.preventDefault();
  if (!(await confirmLeaving())) return;
  if (nav.matches(":popover-open")) nav.hidePopover();
  if (link.dataset.path) tell("navigate", { href: link.dataset.path });
  else location.assign(link.href);
}

export function watchPlace() {
  on("place", onPlace);
  on("links", onLinks);
  on("open", async ({ url }) => {
    if (await confirmLeaving()) location.assign(url);
  });
  for (const area of [nav, document.querySelector(".topbar")])
    area.addEventListener("click", onClick);
}
