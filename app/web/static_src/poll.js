/**
 * Shows how far something has come that a worker does.
 *
 * Accepts: an element with an id and `data-poll="2000"`, the milliseconds between two looks.
 * Usage: the page is asked for again, and the element of that id replaced, for as long as the newest
 * one says so; when it no longer does, the whole page is shown anew.
 */
import * as Turbo from "@hotwired/turbo";

let timer;

function watch() {
  clearTimeout(timer);
  const element = document.querySelector("[data-poll]");
  if (element) timer = setTimeout(() => look(element.id), Number(element.dataset.poll));
}

async function look(id) {
  const present = document.getElementById(id);
  if (!present?.isConnected) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(id);
    if (answer.ok && !fresh?.hasAttribute("data-poll")) {
      Turbo.visit(location.href, { action: "replace" });
      return;
    }
    if (answer.ok) present.replaceWith(document.adoptNode(fresh));
  } catch {
    // The next look makes up for one that failed.
  }
  watch();
}

document.addEventListener("turbo:load", watch);
