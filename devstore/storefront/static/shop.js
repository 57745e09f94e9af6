/* The theme's behaviour: steppers, variants, adding to the cart, and a cart page that follows every change of the cart.
   Everything here also works as plain forms when scripts are off. */

const updateCart = (payload, context) =>
  window.Shopify.actions.updateCart(payload, { event: { context } });

function showCount(count) {
  for (const badge of document.querySelectorAll("[data-cart-count]")) {
    badge.textContent = count;
    badge.hidden = !count;
  }
}

async function refreshCartPage() {
  const body = document.querySelector("#cart-body");
  if (!body) return;
  const response = await fetch("/cart", { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const focused = document.activeElement?.getAttribute("aria-label");
  body.replaceWith(document.importNode(page.querySelector("#cart-body"), true));
  if (focused) document.querySelector(`#cart-body [aria-label="${CSS.escape(focused)}"]`)?.focus();
}

async function follow(event) {
  try {
    const result = await event.promise;
    const cart = result?.cart ?? (await window.Shopify.actions.getCart()).cart;
    showCount(cart.totalQuantity);
    await refreshCartPage();
  } catch {
    // The page that asked for the change tells the shopper; the cart stays as it was.
  }
}

function step(button) {
  const input = button.parentElement.querySelector("input");
  const next = Number(input.value) + Number(button.dataset.step);
  input.value = Math.max(Number(input.min), Math.min(Number(input.max), next));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

async function addToCart(form) {
  const button = form.querySelector("[type=submit]");
  const label = button.textContent;
  button.disabled = true;
  button.textContent = button.dataset.busy;
  const fields = new FormData(form);
  try {
    const line = {
      merchandiseId: `gid://shopify/ProductVariant/${fields.get("id")}`,
      quantity: Number(fields.get("quantity")),
    };
    const { userErrors } = await updateCart({ lines: [line] }, "product");
    const note = form.querySelector("[data-added]");
    if (userErrors.length) note.firstElementChild.textContent = userErrors[0].message;
    note.hidden = false;
  } finally {
    button.disabled = false;
    button.textContent = label;
  }
}

const cartCodes = async () =>
  (await window.Shopify.actions.getCart()).cart.discountCodes.map(({ code }) => code);

async function changeLine(form, quantity) {
  const line = Number(form.elements.line.value);
  const { cart } = await window.Shopify.actions.getCart();
  await updateCart({ lines: [{ id: cart.lines[line - 1].id, quantity }] }, "cart");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (button) step(button);
});

document.addEventListener("change", (event) => {
  const variant = event.target.closest("[data-price-text]");
  if (variant) document.querySelector("[data-price]").textContent = variant.dataset.priceText;
  const line = event.target.closest("[data-change-line]");
  if (line) changeLine(line, Number(event.target.value));
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.matches("[data-add-to-cart]")) {
    event.preventDefault();
    await addToCart(form);
  } else if (form.matches("[data-change-line]")) {
    event.preventDefault();
    await changeLine(
      form,
      Number(event.submitter?.value ?? form.querySelector("[type=number]").value),
    );
  } else if (form.matches("[data-add-code]")) {
    event.preventDefault();
    const code = form.elements.code.value.trim();
    if (code) await updateCart({ discountCodes: [...(await cartCodes()), code] }, "cart");
  } else if (form.matches("[data-remove-code]")) {
    event.preventDefault();
    const removed = event.submitter.value.toLowerCase();
    await updateCart(
      { discountCodes: (await cartCodes()).filter((code) => code.toLowerCase() !== removed) },
      "cart",
    );
  }
});

document.addEventListener("shopify:cart:lines-update", follow);
document.addEventListener("shopify:cart:discount-update", follow);
