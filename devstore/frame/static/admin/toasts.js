/** Short messages at the foot of the admin. */
import { on, tell } from "./channel.js";

const place = document.querySelector(".toasts");
const DURATION_MS = 5000;

function dismiss(element) {
  if (!element.isConnected) return;
  element.remove();
  tell("toast-dismiss", { id: element.dataset.id });
}

function button(text, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.addEventListener("click", onClick);
  return element;
}

function show({ id, message, isError = false, duration = DURATION_MS, action }) {
  const element = document.createElement("div");
  element.className = isError ? "toast error" : "toast";
  element.dataset.id = id;
  element.setAttribute("role", isError ? "alert" : "status");
  element.append(message);
  if (action) element.append(button(action, () => tell("toast-action", { id })));
  const close = button("✕", () => dismiss(element));
  close.setAttribute("aria-label", "Dismiss");
  element.append(close);
  place.append(element);
  setTimeout(() => dismiss(element), duration);
}

function hide({ id }) {
  const element = [...place.children].find((toast) => toast.dataset.id === id);
  if (element) dismiss(element);
}

export function watchToasts() {
  on("toast", show);
  on("toast-hide", hide);
}
