/** The contextual save bar: forms with data-save-bar, and <ui-save-bar> elements shown by the app. */
import { ask, on, tell } from "./channel.js";

const baselines = new WeakMap();
const carried = new Map();
/** What the bar in the frame stands for now: {save, discard, isAlive}, or nothing. */
let shown = null;

const watchedForms = () => [...document.querySelectorAll("form[data-save-bar]")];
const keyOf = (form) => form.id || form.getAttribute("action") || location.pathname;
const contents = (form) =>
  JSON.stringify([...new FormData(form)].map(([name, value]) => [name, String(value)]));

export const hasUnsavedChanges = () => shown !== null;

function showBar(bar) {
  if (shown?.owner === bar.owner) return;
  shown = bar;
  tell("save-bar", { open: true, confirmDiscard: bar.confirmDiscard });
}

function hideBar(owner) {
  if (!shown || (owner && shown.owner !== owner)) return;
  shown = null;
  tell("save-bar", { open: false });
}

function discard(form) {
  form.reset();
  // After a refused save the page's defaults are the refused values: only the server knows the saved ones.
  const refused = contents(form) !== baselines.get(form);
  hideBar(form);
  if (refused) location.reload();
}

function compare(form) {
  if (contents(form) === baselines.get(form)) return hideBar(form);
  showBar({
    owner: form,
    confirmDiscard: form.hasAttribute("data-discard-confirmation"),
    save: () => form.requestSubmit(),
    discard: () => discard(form),
  });
}

/** Learn the saved state of forms that are new on the page; a form refused by the app keeps the state it had before. */
function learnForms() {
  for (const form of watchedForms()) {
    if (baselines.has(form)) continue;
    const before = carried.get(keyOf(form));
    carried.delete(keyOf(form));
    baselines.set(form, before ?? contents(form));
    if (before !== undefined) compare(form);
  }
  if (shown && !shown.owner.isConnected) hideBar();
}

function formOf(event) {
  const control = event.composedPath()[0];
  const field = event.target;
  const form = field.form ?? control.form ?? field.closest?.("form");
  return form?.matches("[data-save-bar]") ? form : null;
}

function onEdit(event) {
  const form = formOf(event);
  // Elements settle their value in the same event; look once they have.
  if (form && baselines.has(form)) setTimeout(() => compare(form));
}

function onSubmit(event) {
  const form = event.target;
  if (!baselines.has(form)) return;
  if (window.Turbo) tell("save-bar", { open: shown !== null, saving: true });
  else settleSaved(form);
}

function settleSaved(form) {
  baselines.set(form, contents(form));
  hideBar(form);
}

function onSubmitEnd(event) {
  const form = event.target;
  // What was asked about once more has been saved now: no form is left that awaits its refusal.
  if (event.detail.success) carried.clear();
  if (!baselines.has(form)) return;
  if (event.detail.success) return settleSaved(form);
  carried.set(keyOf(form), baselines.get(form));
  tell("save-bar", { open: shown !== null, saving: false });
}

class UiSaveBar extends HTMLElement {
  connectedCallback() {
    this.style.display = "none";
  }

  async show() {
    const [first, second] = this.querySelectorAll("button");
    const save = this.querySelector("button[variant=primary]") ?? first;
    const other = save === first ? second : first;
    showBar({
      owner: this,
      confirmDiscard: this.hasAttribute("discardconfirmation"),
      save: () => save?.click(),
      discard: () => other?.click(),
    });
  }

  async hide() {
    hideBar(this);
  }

  async toggle() {
    return shown?.owner === this ? this.hide() : this.show();
  }
}

async function leaveConfirmation() {
  if (!shown || (await ask("leave"))) return;
  await new Promise(() => {}); // The merchant stays: what waits for leaving does not go on.
}

export const saveBar = {
  show: async (id) => document.getElementById(id)?.show?.(),
  hide: async (id) => document.getElementById(id)?.hide?.(),
  toggle: async (id) => document.getElementById(id)?.toggle?.(),
  leaveConfirmation,
};

export function watchForms() {
  customElements.define("ui-save-bar", UiSaveBar);
  const learnSoon = () => setTimeout(learnForms);
  document.addEventListener("DOMContentLoaded", learnSoon);
  new MutationObserver(() => {
    if (document.readyState !== "loading") learnSoon();
  }).observe(document, { childList: true, subtree: true });
  for (const name of ["input", "change"]) window.addEventListener(name, onEdit);
  window.addEventListener("submit", onSubmit);
  window.addEventListener("turbo:submit-end", onSubmitEnd);
  on("save", () => shown?.save());
  on("discard", () => shown?.discard());
  on("left", () => hideBar());
}
