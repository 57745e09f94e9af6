/** Stand-in for https://cdn.shopify.com/shopifycloud/app-bridge.js: the `shopify` global, signed requests, and the talk with the admin. */
import { ask, embedded, on, tell } from "./channel.js";
import { watchNavigation } from "./navigation.js";
import { saveBar, watchForms } from "./save-bar.js";
import { config, enterAdmin, idToken, meetFrame, patchFetch, reloadWithToken } from "./session.js";

let lastToast = 0;
const toasts = new Map();

const toast = {
  show(message, options = {}) {
    lastToast += 1;
    const id = String(lastToast);
    const { onAction, onDismiss, ...plain } = options;
    toasts.set(id, { onAction, onDismiss });
    tell("toast", { id, message: String(message), ...plain });
    return id;
  },
  hide: (id) => tell("toast-hide", { id }),
};

const overlay = (method) => async (id) => {
  const element = document.getElementById(id);
  return (element?.[`${method}Overlay`] ?? element?.[method])?.call(element);
};

function loading(busy = true) {
  tell("loading", { on: Boolean(busy) });
}

/** Make `window.shopify`, the interface of App Bridge that an embedded page sees. */
function shopifyGlobal(ready) {
  return {
    config,
    ready,
    origin: location.origin,
    environment: { embedded, mobile: false, pos: false, intent: false },
    idToken: () => idToken(),
    toast,
    saveBar,
    modal: { show: overlay("show"), hide: overlay("hide"), toggle: overlay("toggle") },
    resourcePicker: (options) => ask("resource-picker", options),
    app: { extensions: () => ask("extensions") },
    scopes: {
      query: () => ask("scopes"),
      request: (scopes) => ask("scopes-request", { scopes }),
      revoke: (scopes) => ask("scopes-revoke", { scopes }),
    },
    user: () => ask("user"),
    loading,
  };
}

function start() {
  on("toast-action", ({ id }) => toasts.get(id)?.onAction?.());
  on("toast-dismiss", ({ id }) => toasts.get(id)?.onDismiss?.());
  patchFetch();
  window.shopify = shopifyGlobal(meetFrame());
  watchForms();
  watchNavigation();
}

if (!enterAdmin() && !reloadWithToken() && !window.shopify) start();
