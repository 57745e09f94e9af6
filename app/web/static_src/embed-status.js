/**
 * Says whether the theme shows the widget, as App Bridge knows it.
 *
 * Accepts: `<div data-embed-status>` holding one child for each of `data-when="on|off|unknown"`;
 * only the one that is true is shown.
 */
async function status() {
  try {
    const extensions = await globalThis.shopify.app.extensions();
    const theme = extensions.find((extension) => extension.type === "theme_app_extension");
    if (!theme) return "off";
    return theme.activations.some((block) => block.status === "active") ? "on" : "off";
  } catch {
    return "unknown";
  }
}

async function show() {
  const holders = document.querySelectorAll("[data-embed-status]");
  if (!holders.length) return;
  const now = await status();
  for (const holder of holders) {
    for (const part of holder.children) part.hidden = part.dataset.when !== now;
  }
}

document.addEventListener("turbo:load", show);
