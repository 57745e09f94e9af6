/**
 * Where a build without the Shopify CLI starts; the CLI writes such a module by itself.
 */
import run from "./Checkout";

shopify.extend("purchase.checkout.reductions.render-after", run);
