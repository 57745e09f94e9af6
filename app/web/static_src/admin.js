/**
 * The script of every embedded page: Turbo, App Bridge's navigation handed to it, toasts, and the
 * small behaviours that a page names in its markup (data-preview, data-press, data-poll).
 */
import * as Turbo from "@hotwired/turbo";

import "./ask-scope.js";
import "./chips.js";
import "./effect-preview.js";
import "./poll.js";
import "./press.js";
import "./tier-form.js";
import "./tier-rows.js";
import "./embed-status.js";
import "./widget-preview.js";

// App Bridge announces navigation from the admin's own menu; Turbo fetches it with a fresh token.
document.addEventListener("shopify:navigate", (event) => {
  const href = event.target.getAttribute("href");
  if (href) Turbo.visit(href);
});

document.addEventListener("turbo:load", () => {
  for (const toast of document.querySelectorAll('meta[name="toast"]')) {
    globalThis.shopify?.toast.show(toast.content);
    toast.remove();
  }
});
