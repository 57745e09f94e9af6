/* What the `shopify` global has in checkout alone; shopify_stand_in.js has the rest.

   Signals: those of devstore/checkout/extension_data.py. Talks to: the server for discount codes; the checkout page around it when they change. */
(() => {
  const { data, group, update, post, tellPage } = window.standIn;

  async function applyDiscountCodeChange(change) {
    if (!data.signals.instructions.discounts.canUpdateDiscountCodes) {
      return { type: "error", message: "Discount codes cannot be changed in this checkout." };
    }
    const answer = await post("/checkout/discount-codes", change);
    update(answer.signals);
    tellPage({ regulars: "checkout-changed" });
    return answer.result;
  }

  const signals = group("", [
    "appMetafields",
    "appliedGiftCards",
    "attributes",
    "checkoutToken",
    "discountAllocations",
    "discountCodes",
    "instructions",
    "lines",
    "note",
    "orderConfirmation",
  ]);
  Object.defineProperties(window.shopify, Object.getOwnPropertyDescriptors(signals));
  Object.assign(window.shopify, {
    applyDiscountCodeChange,
    buyerIdentity: group("buyerIdentity.", ["customer", "email", "phone", "purchasingCompany"]),
    cost: group("cost.", [
      "subtotalAmount",
      "totalAmount",
      "totalShippingAmount",
      "totalTaxAmount",
    ]),
  });
})();
