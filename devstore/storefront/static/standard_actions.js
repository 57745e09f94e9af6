/* Stand-ins for Shopify's standard storefront actions and events.

   Offers: Shopify.actions.getCart(), updateCart(payload, options), openCart(); the last two can be replaced with configure(handler).
   Emits on document: shopify:cart:lines-update, shopify:cart:discount-update and, when a request fails, shopify:cart:error.
   Usage: const {cart, userErrors} = await Shopify.actions.updateCart({discountCodes: ['PETALS-1']}); */
(() => {
  const root = window.Shopify.routes.root;

  class CartEvent extends Event {
    constructor(type, properties) {
      super(type, { bubbles: true });
      Object.assign(this, properties);
      this.detail = properties.detail ?? {};
    }
  }

  async function ask(path, body) {
    const options = body && {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
    };
    const response = await fetch(
      `${root}${path}`,
      options || { headers: { Accept: "application/json" } },
    );
    if (response.status >= 500) throw new Error(`The cart answered ${response.status}.`);
    const answer = await response.json();
    if (!response.ok)
      throw Object.assign(new Error(answer.description || answer.message), { refused: true });
    return answer;
  }

  const money = (hundredths, currency) => ({
    amount: (hundredths / 100).toFixed(2),
    currencyCode: currency,
  });

  /* The cart as the Storefront API writes it, from the cart as the Ajax API writes it. */
  function storefrontCart(cart) {
    return {
      id: `gid://shopify/Cart/${cart.token}`,
      totalQuantity: cart.item_count,
      note: cart.note,
      discountCodes: cart.discount_codes.map(({ code, applicable }) => ({ code, applicable })),
      cost: {
        subtotalAmount: money(cart.items_subtotal_price, cart.currency),
        totalAmount: money(cart.total_price, cart.currency),
      },
      lines: cart.items.map((item) => ({
        id: item.key,
        quantity: item.quantity,
        merchandise: { id: `gid://shopify/ProductVariant/${item.variant_id}`, title: item.title },
        cost: { totalAmount: money(item.final_line_price, cart.currency) },
      })),
    };
  }

  const numericId = (id) => Number(String(id).split("/").pop());

  async function changeLines(lines) {
    const added = lines.filter((line) => line.merchandiseId);
    if (added.length) {
      await ask("cart/add.js", {
        items: added.map((line) => ({
          id: numericId(line.merchandiseId),
          quantity: line.quantity ?? 1,
        })),
      });
    }
    for (const line of lines.filter((each) => each.id)) {
      await ask("cart/change.js", { id: line.id, quantity: line.quantity });
    }
  }

  const codeOf = (code) => (typeof code === "string" ? code : code.code);

  async function change(payload) {
    const userErrors = [];
    try {
      if (payload.lines) await changeLines(payload.lines);
      const update = {};
      if (payload.discountCodes) update.discount = payload.discountCodes.map(codeOf).join(",");
      if (payload.note !== undefined) update.note = payload.note;
      if (Object.keys(update).length) await ask("cart/update.js", update);
    } catch (error) {
      if (!error.refused) throw error;
      userErrors.push({ code: "INVALID", field: null, message: error.message });
    }
    const cart = storefrontCart(await ask("cart.js"));
    return { cart, userErrors, warnings: [] };
  }

  function announce(payload, promise, options) {
    const event = options?.event ?? {};
    const shared = { promise, detail: event.detail };
    const target = event.target ?? document;
    if (payload.lines) {
      const action = payload.lines.some((line) => line.merchandiseId) ? "add" : "update";
      const context = event.context ?? "standard-action";
      target.dispatchEvent(
        new CartEvent("shopify:cart:lines-update", {
          ...shared,
          action,
          context,
          lines: payload.lines,
        }),
      );
    }
    if (payload.discountCodes) {
      const discountCodes = payload.discountCodes.map((code) => ({ code: codeOf(code) }));
      target.dispatchEvent(
        new CartEvent("shopify:cart:discount-update", { ...shared, discountCodes }),
      );
    }
    promise.catch((error) =>
      target.dispatchEvent(new CartEvent("shopify:cart:error", { error: error.message })),
    );
  }

  function configurable(standard) {
    let configured = null;
    const action = (...args) => (configured ? configured(...args) : standard(...args));
    action.isDefault = () => configured === null;
    action.configure = (handler) => {
      configured = handler;
    };
    return action;
  }

  function updateCart(payload, options) {
    const promise = change(payload);
    announce(payload, promise, options);
    return promise;
  }

  window.Shopify.actions = {
    getCart: async () => ({ cart: storefrontCart(await ask("cart.js")) }),
    updateCart: configurable(updateCart),
    openCart: configurable(async () => window.location.assign(`${root}cart`)),
  };
})();
