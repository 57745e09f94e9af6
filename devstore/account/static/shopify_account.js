/* What the `shopify` global has on account pages alone; shopify_stand_in.js has the rest.

   Signals: those of devstore/account/extension_routes.py. Talks to: the server for the Storefront API; the page around it for toasts. */
(() => {
  const { group, post, tellPage } = window.standIn;

  Object.assign(window.shopify, {
    authenticatedAccount: group("authenticatedAccount.", ["customer", "purchasingCompany"]),
    query: (query, { variables } = {}) => post("/account/storefront-api", { query, variables }),
    toast: {
      show: async (text) => {
        tellPage({ regulars: "toast", text });
        return { hide() {} };
      },
    },
  });
})();
