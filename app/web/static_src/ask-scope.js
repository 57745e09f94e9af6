/**
 * Asks the merchant to let the app see more of the shop, and shows the page again once they did.
 *
 * Accepts: `<s-button data-ask-scope="one other" data-refused="id">`, and `<… id="id" hidden>`,
 * which is shown where Shopify does not let the app ask.
 */
import * as Turbo from "@hotwired/turbo";

async function ask(button) {
  button.loading = true;
  try {
    const answer = await globalThis.shopify.scopes.request(button.dataset.askScope.split(" "));
    if (answer.result === "granted-all") Turbo.visit(location.href, { action: "replace" });
  } catch {
    document.getElementById(button.dataset.refused).hidden = false;
  }
  button.loading = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-ask-scope]");
  if (button) ask(button);
});
