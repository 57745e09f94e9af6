/**
 * The checkout that Shopify puts into the extension's global scope, with the types of its target.
 */
import type { Api } from "@shopify/ui-extensions/purchase.checkout.reductions.render-after";

export const { shopify } = globalThis as unknown as { shopify: Api };
