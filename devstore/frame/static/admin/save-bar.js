/** The contextual save bar over the top bar, and the question before unsaved changes are left behind. */
import { on, tell } from "./channel.js";
import { askToConfirm } from "./dialog.js";

const bar = document.querySelector(".save-bar");
const [discard, save] = bar.querySelectorAll("button");
let confirmDiscard = false;

export const hasUnsavedChanges = () => !bar.hidden;

function show({ open, saving = false, confirmDiscard: wanted = confirmDiscard }) {
  confirmDiscard = wanted;
  bar.hidden = !open;
  for (const button of [discard, save]) button.disabled = saving;
  save.textContent = saving ? "Saving…" : "Save";
}

export function closeSaveBar() {
  show({ open: false });
}

/** Resolve with whether the merchant may leave: nothing is unsaved, or it may go. */
export async function confirmLeaving() {
  if (!hasUnsavedChanges()) return true;
  bar.classList.add("shake");
  setTimeout(() => bar.classList.remove("shake"), 300);
  const leave = await askToConfirm({
    heading: "Leave page with unsaved changes?",
    text: "Leaving this page will delete all unsaved changes.",
    cancel: "Stay",
    confirm: "Leave page",
    critical: true,
  });
  if (leave) {
    closeSaveBar();
    tell("left");
  }
  return leave;
}

async function onDiscard() {
  const question = {
    heading: "Discard all unsaved changes?",
    text: "What you changed since you last saved will be gone.",
    cancel: "Continue editing",
    confirm: "Discard changes",
    critical: true,
  };
  if (!confirmDiscard || (await askToConfirm(question))) tell("discard");
}

export function watchSaveBar() {
  on("save-bar", show);
  on("leave", confirmLeaving);
  save.addEventListener("click", () => tell("save"));
  discard.addEventListener("click", onDiscard);
  window.addEventListener("beforeunload", (event) => {
    if (hasUnsavedChanges()) event.preventDefault();
  });
}
