/** The admin's end of the messages with the app: only the iframe's own window and origin are heard. */

const CHANNEL = "shopify-admin-frame";
const handlers = new Map();
const iframe = document.querySelector(".app-frame iframe");
const appOrigin = iframe.dataset.origin;

/** Call `handler` for messages of that type; what it returns, or resolves with, answers an `ask`. */
export function on(type, handler) {
  handlers.set(type, handler);
}

export function tell(type, payload = {}) {
  iframe.contentWindow.postMessage({ channel: CHANNEL, type, payload }, appOrigin);
}

function answer(id, parts) {
  iframe.contentWindow.postMessage({ channel: CHANNEL, type: "answer", id, ...parts }, appOrigin);
}

async function hear({ type, id, payload }) {
  try {
    const result = await handlers.get(type)?.(payload);
    if (id) answer(id, { payload: result });
  } catch (error) {
    if (id) answer(id, { error: error.message });
  }
}

window.addEventListener("message", (event) => {
  if (
    event.source !== iframe.contentWindow ||
    event.origin !== appOrigin ||
    event.data?.channel !== CHANNEL
  )
    return;
  hear(event.data);
});
