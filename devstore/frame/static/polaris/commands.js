/** What a press does besides its click: `command`/`commandfor` on overlays, and submitting or resetting the form around it. */

const ACTIONS = {
  "--show": "showOverlay",
  "--hide": "hideOverlay",
  "--toggle": "toggleOverlay",
  "--auto": "toggleOverlay",
};

function copyFrom(target) {
  return navigator.clipboard?.writeText(target.value ?? target.textContent.trim());
}

/** Carry out the element's command on the element named by commandfor; return whether there was one. */
export function runCommand(source) {
  const target = source.commandFor && source.getRootNode().getElementById(source.commandFor);
  if (!target) return false;
  const command = source.command || "--auto";
  if (command === "--copy") copyFrom(target);
  else target[ACTIONS[command]]?.(source);
  return true;
}

/** Submit or reset `form` as a native button of that type would. */
export function runFormAction(form, type) {
  if (!form) return;
  if (type === "submit") form.requestSubmit();
  if (type === "reset") form.reset();
}

/** Submit the form of a field when Enter is pressed in it: through its submit button where it has one, as browsers do. */
export function submitImplicitly(form) {
  if (!form) return;
  const isSubmit = (control) => control.type === "submit";
  const button = [...form.elements].find((control) => isSubmit(control) && !control.disabled);
  if (button) button.click();
  else if (![...form.elements].some(isSubmit)) form.requestSubmit();
}
