/* The page around UI extensions: gives each frame the height it asks for, and shows the toasts of all of them. */

const TOAST_MS = 5000;

const frames = () => [...document.querySelectorAll("[data-extension]")];

function suit(frame, height) {
  frame.height = height;
  frame.hidden = height < 6;
}

const toasts = document.createElement("div");
toasts.className = "extension-toasts";
toasts.setAttribute("role", "status");
document.body.append(toasts);

function toast(text) {
  const line = document.createElement("p");
  line.textContent = text;
  toasts.replaceChildren(line);
  setTimeout(() => line.remove(), TOAST_MS);
}

window.addEventListener("message", (event) => {
  if (event.origin !== window.location.origin) return;
  const { regulars, height, text } = event.data ?? {};
  const frame = frames().find((each) => each.contentWindow === event.source);
  if (regulars === "height" && frame) suit(frame, height);
  if (regulars === "toast") toast(text);
});
