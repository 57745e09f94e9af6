/* A checkout extension without a framework: one button that puts the code TEA50 on the checkout. */
shopify.extend("purchase.checkout.reductions.render-after", () => {
  const { i18n, buyerIdentity, appMetafields, discountCodes, cost } = shopify;
  const customer = buyerIdentity.customer.value;
  const points = appMetafields.value.find(
    ({ target, metafield }) => target.type === "customer" && metafield.key === "points",
  );
  document.body.innerHTML = `
    <s-stack gap="base">
      <s-heading>${i18n.translate("hello", { name: customer?.firstName ?? "guest" })}</s-heading>
      <s-text id="points">${points ? i18n.translate("points", { count: Number(points.metafield.value) }) : ""}</s-text>
      <s-text id="codes"></s-text>
      <s-text id="total"></s-text>
      <s-text id="sub"></s-text>
      <s-button id="use">${i18n.translate("use")}</s-button>
      <s-banner id="outcome" hidden></s-banner>
    </s-stack>`;
  const show = (id, text) => {
    document.getElementById(id).textContent = text;
  };
  discountCodes.subscribe((codes) => show("codes", codes.map(({ code }) => code).join(",")));
  cost.totalAmount.subscribe(({ amount }) => show("total", i18n.formatCurrency(amount)));
  shopify.sessionToken
    .get()
    .then((token) => show("sub", JSON.parse(atob(token.split(".")[1])).sub ?? "nobody"));
  const button = document.getElementById("use");
  button.addEventListener("click", async () => {
    button.setAttribute("loading", "true");
    const result = await shopify.applyDiscountCodeChange({
      type: "addDiscountCode",
      code: "TEA50",
    });
    button.removeAttribute("loading");
    const banner = document.getElementById("outcome");
    banner.hidden = false;
    banner.textContent = result.type === "success" ? "success" : `error: ${result.message}`;
  });
});
