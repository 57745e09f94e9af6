/**
 * Shows how far something has come that a worker does.
 *
 * Accepts: an element with an id and `data-poll="2000"`, the milliseconds between two looks.
 * Usage: the page is asked for again, and the element of that id brought up to date, for as long as
 * the newest one says so; when it is there no longer, the whole page is shown anew. Whoever goes
 * elsewhere or sends a form ends it: a look must not call them back.
 */
import * as Turbo from "@hotwired/turbo";

let timer;
let looking = new AbortController();

function watch() {
  rest();
  const element = document.querySelector("[data-poll]");
  if (element) timer = setTimeout(() => look(element.id), Number(element.dataset.poll));
}

function rest() {
  clearTimeout(timer);
  looking.abort();
}

async function look(id) {
  looking = new AbortController();
  const { signal } = looking;
  const page = await askAgain(signal);
  if (signal.aborted) return;
  const present = document.getElementById(id);
  const fresh = page?.getElementById(id);
  if (page && !fresh) Turbo.visit(location.href, { action: "replace" });
  else if (fresh) Turbo.morphElements(present, document.adoptNode(fresh));
  watch();
}

/** Return the page as it is now; null where it could not be had, which the next look makes up for. */
async function askAgain(signal) {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal });
    if (!answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

document.addEventListener("turbo:load", watch);
document.addEventListener("turbo:render", watch);
document.addEventListener("turbo:visit", rest);
document.addEventListener("turbo:submit-start", rest);
