/**
 * A page of the customer's account: the points, what they buy, the codes in hand and what happened.
 */
import "@shopify/ui-extensions/preact";
import { render } from "preact";
import { RewardsPage } from "./RewardsPage";

export default async () => {
  render(<RewardsPage />, document.body);
};
