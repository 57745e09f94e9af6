/**
 * Points in checkout: what the customer has, and one tap to spend it on this order.
 */
import "@shopify/ui-extensions/preact";
import { render } from "preact";
import { Rewards } from "./Rewards";

export default async () => {
  render(<Rewards />, document.body);
};
