/**
 * Where a build without the Shopify CLI starts; the CLI writes such a module by itself.
 */
import run from "./Account";

interface Extender {
  extend(target: string, run: () => Promise<void>): void;
}

const { shopify } = globalThis as unknown as { shopify: Extender };

shopify.extend("customer-account.page.render", run);
