/**
 * Puts codes on the shopper's cart and takes them off, leaving the codes that are there alone.
 *
 * A cart here is `{ count, codes: [{ code, applicable }], variants, hint }`; the hint tells the app what the cart
 * comes to, before codes, in hundredths of its currency. Shopify replaces all codes at every
 * change, so the codes already there always go along.
 */

const REOPEN = "regulars:reopen";

/** Returns the cart as the shop has it now. */
export async function readCart(config) {
  return fromAjax(await json(await fetch(`${config.root}cart.js`, { cache: "no-store" })));
}

/**
 * Puts `code` on the cart and returns the cart. An empty cart remembers it for its first item.
 * The product that the code is for, if any, goes into the cart first.
 */
export async function addCode(config, code, variant) {
  let cart = await readCart(config);
  if (has(cart, code)) return cart;
  if (variant && !cart.variants.includes(variant)) {
    await send(config, "add", { items: [{ id: Number(variant), quantity: 1 }] });
    cart = await readCart(config);
  }
  if (cart.count === 0) {
    await rememberCode(config, code);
    return cart;
  }
  return setCodes(config, [...cart.codes.map((other) => other.code), code]);
}

/** Takes `code` off the cart and returns the cart. */
export async function removeCode(config, code) {
  const cart = await readCart(config);
  if (!has(cart, code)) return cart;
  const rest = cart.codes.map((other) => other.code).filter((other) => !same(other, code));
  return setCodes(config, rest);
}

/** Returns the entry of `code` on `cart`, or undefined. */
export function find(cart, code) {
  return cart?.codes.find((entry) => same(entry.code, code));
}

function has(cart, code) {
  return find(cart, code) !== undefined;
}

function same(code, other) {
  return code.toLowerCase() === other.toLowerCase();
}

async function setCodes(config, codes) {
  return (await setByAction(codes)) ?? setByAjax(config, codes);
}

/** Lets the theme change its cart, so that its drawer and totals follow. Null where it cannot. */
async function setByAction(codes) {
  const updateCart = window.Shopify?.actions?.updateCart;
  if (!updateCart) return null;
  markReopen(true);
  try {
    const { cart, userErrors } = await updateCart({ discountCodes: codes });
    if (userErrors?.length || !cart?.discountCodes) return null;
    return { count: cart.totalQuantity ?? 1, codes: cart.discountCodes, variants: [], hint: {} };
  } catch {
    return null;
  } finally {
    markReopen(false);
  }
}

async function setByAjax(config, codes) {
  const cart = fromAjax(await send(config, "update", { discount: codes.join(",") }));
  // The cart page shows sums that this code has just changed.
  if (location.pathname === `${config.root}cart`) {
    markReopen(true);
    location.reload();
  }
  return cart;
}

async function send(config, path, body) {
  const response = await fetch(`${config.root}cart/${path}.js`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  });
  return json(response);
}

/** The discount link keeps a code for the session; where it leads does not matter here. */
function rememberCode(config, code) {
  const link = `${config.root}discount/${encodeURIComponent(code)}?redirect=${config.root}`;
  return fetch(link, { redirect: "manual" });
}

async function json(response) {
  if (!response.ok) throw new Error(`cart answered ${response.status}`);
  return response.json();
}

function fromAjax({ items, item_count: count, discount_codes: codes, ...cart }) {
  return {
    count,
    codes: codes ?? [],
    variants: (items ?? []).map((item) => String(item.variant_id)),
    hint: hintOf(count, cart.items_subtotal_price, cart.currency),
  };
}

/** An empty cart hints at nothing: its code waits for what comes. */
function hintOf(count, subtotal, currency) {
  return count > 0 && subtotal != null ? { subtotal, currency } : {};
}

function markReopen(marked) {
  try {
    if (marked) sessionStorage.setItem(REOPEN, "1");
    else sessionStorage.removeItem(REOPEN);
  } catch {
    // Without storage the panel stays closed after a reload.
  }
}
