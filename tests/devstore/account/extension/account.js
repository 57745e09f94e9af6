/* An account extension without a framework: it says where the app is. */
shopify.extend("customer-account.page.render", async () => {
  const { data } = await shopify.query(
    '{ shop { metafield(namespace: "$app", key: "checkout") { value } } }',
  );
  document.body.textContent = data.shop.metafield?.value ?? "nowhere";
});
