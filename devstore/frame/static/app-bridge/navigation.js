/** Where the app is: its links in the admin's navigation, the address bar, the title, and leaving with unsaved changes. */
import { FRAME_ORIGIN, ask, on, tell } from "./channel.js";
import { hasUnsavedChanges } from "./save-bar.js";

const SESSION_PARAMETERS = [
  "id_token",
  "hmac",
  "timestamp",
  "shop",
  "host",
  "embedded",
  "locale",
  "session",
];

function cleanPath() {
  const url = new URL(location.href);
  for (const name of SESSION_PARAMETERS) url.searchParams.delete(name);
  return url.pathname + url.search + url.hash;
}

function reportPlace() {
  tell("place", { path: cleanPath(), title: document.title, bar: titleBar() });
}

const titleBar = () => document.querySelector("ui-title-bar")?.getAttribute("title");

/** Send the links of <s-app-nav> to the admin; the one with rel="home" stands for the app itself. */
function reportLinks() {
  const links = [
    ...document.querySelectorAll("s-app-nav > s-link, s-app-nav > a, ui-nav-menu > a"),
  ];
  tell("links", {
    links: links.map((link) => ({
      text: link.textContent.trim(),
      href: link.getAttribute("href"),
      home: link.getAttribute("rel") === "home",
    })),
  });
}

let listeners = 0;
const nativeAddEventListener = document.addEventListener;
document.addEventListener = function addEventListener(type, ...rest) {
  if (type === "shopify:navigate") listeners += 1;
  return nativeAddEventListener.call(this, type, ...rest);
};

/** Announce `shopify:navigate` from a link to `href`, as App Bridge does; the app's router takes it from there. */
function navigate(href) {
  const link = document.createElement("a");
  link.href = href;
  link.hidden = true;
  document.body.append(link);
  link.dispatchEvent(new CustomEvent("shopify:navigate", { bubbles: true }));
  link.remove();
  if (listeners === 0) location.assign(href);
}

async function leaveTo(href) {
  if (await ask("leave")) navigate(href);
}

function linkOf(event) {
  return event.composedPath().find((node) => node instanceof HTMLAnchorElement && node.href);
}

const staysHere = (event, link) =>
  event.button === 0 &&
  !event.metaKey &&
  !event.ctrlKey &&
  !event.shiftKey &&
  ["", "_self"].includes(link.target);

function adminPath(href) {
  const match = /^shopify:(?:\/\/)?admin\/(.*)$/.exec(href);
  return match ? `${FRAME_ORIGIN}/admin/${match[1]}` : null;
}

function onClick(event) {
  const link = linkOf(event);
  if (!link) return;
  const admin = adminPath(link.getAttribute("href"));
  if (!admin && !(hasUnsavedChanges() && staysHere(event, link) && link.origin === location.origin))
    return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (admin) tell("open", { url: admin });
  else leaveTo(link.getAttribute("href"));
}

function afterHistory(name) {
  const native = history[name];
  history[name] = function changed(...parts) {
    native.apply(this, parts);
    reportPlace();
  };
}

function report() {
  reportLinks();
  reportPlace();
}

export function watchNavigation() {
  afterHistory("pushState");
  afterHistory("replaceState");
  window.addEventListener("popstate", reportPlace);
  window.addEventListener("click", onClick, { capture: true });
  for (const name of ["DOMContentLoaded", "turbo:load", "turbo:render"])
    document.addEventListener(name, report);
  on("navigate", ({ href }) => navigate(href));
  const open = window.open;
  window.open = (url, ...rest) =>
    adminPath(String(url))
      ? tell("open", { url: adminPath(String(url)) })
      : open.call(window, url, ...rest);
}
