/** Stand-in for https://cdn.shopify.com/shopifycloud/polaris.js: registers the Polaris web components of the Shopify admin. */
import { defineActions } from "./actions.js";
import { defineChecks } from "./checks.js";
import { defineFeedback } from "./feedback.js";
import { defineLayout } from "./layout.js";
import { defineMedia } from "./media.js";
import { defineOverlays } from "./overlays.js";
import { definePage } from "./page.js";
import { defineSelect } from "./select.js";
import { defineTable } from "./table.js";
import { defineText } from "./text.js";
import { defineTextFields } from "./text-fields.js";

const PAGE_CSS = `
  body:has(> s-page), body:has(> * > s-page) { margin: 0; background: #f1f1f1; color: #303030; font: 450 13px/20px Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans Thai", Roboto, sans-serif; }
  s-app-nav, ui-nav-menu, ui-title-bar { display: none; }
`;

function styleDocument() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(PAGE_CSS);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

styleDocument();
defineText();
defineLayout();
definePage();
defineFeedback();
defineMedia();
defineActions();
defineOverlays();
defineTextFields();
defineSelect();
defineChecks();
defineTable();
