/**
 * The account page that Shopify puts into the extension's global scope, with the types of its target.
 */
import type { Api } from "@shopify/ui-extensions/customer-account.page.render";

export const { shopify } = globalThis as unknown as { shopify: Api };
