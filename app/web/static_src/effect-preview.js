/**
 * Shows what a form's settings would do, as the server reckons it.
 *
 * Accepts: `<form data-preview="/programme/preview">` and one `<turbo-frame id="preview">` beside it.
 * Usage: every change of a field posts the form as it stands; the answer replaces the frame.
 */
const DELAY_MS = 250;

let timer;
let running;

async function refresh(form) {
  const frame = document.getElementById("preview");
  if (!frame) return;
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(form.dataset.preview, {
      method: "POST",
      body: new FormData(form),
      signal: running.signal,
    });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("preview");
    if (fresh) frame.replaceChildren(...fresh.childNodes);
  } catch {
    // The preview is a comfort: a request that was dropped is made up for by the next change.
  }
}

function later(event) {
  const form = event.target.closest?.("form[data-preview]");
  if (!form) return;
  clearTimeout(timer);
  timer = setTimeout(() => refresh(form), DELAY_MS);
}

for (const type of ["input", "change", "reset"]) document.addEventListener(type, later);
