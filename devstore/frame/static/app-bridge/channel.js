/** Messages between the app's page and the admin frame around it; each side hears only the other's window and origin. */

const CHANNEL = "shopify-admin-frame";
export const script = document.currentScript;
export const FRAME_ORIGIN = new URL(script.src).origin;
export const embedded = window.parent !== window;

const waiting = new Map();
const handlers = new Map();
let lastId = 0;

/** Tell the frame something that needs no answer. */
export function tell(type, payload = {}) {
  if (embedded) window.parent.postMessage({ channel: CHANNEL, type, payload }, FRAME_ORIGIN);
}

/** Ask the frame; the promise resolves with its answer. */
export function ask(type, payload = {}) {
  if (!embedded) return Promise.reject(new Error("The app is not in the admin"));
  lastId += 1;
  const id = lastId;
  const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  window.parent.postMessage({ channel: CHANNEL, type, id, payload }, FRAME_ORIGIN);
  return answer;
}

/** Call `handler` with the payload of each message of that type from the frame. */
export function on(type, handler) {
  handlers.set(type, handler);
}

function settle({ id, payload, error }) {
  const promise = waiting.get(id);
  waiting.delete(id);
  if (error) promise?.reject(new Error(error));
  else promise?.resolve(payload);
}

window.addEventListener("message", (event) => {
  if (
    event.source !== window.parent ||
    event.origin !== FRAME_ORIGIN ||
    event.data?.channel !== CHANNEL
  )
    return;
  if (event.data.type === "answer") settle(event.data);
  else handlers.get(event.data.type)?.(event.data.payload);
});
