/**
 * What checkout asks of the app, and where the app is.
 */
import { Endpoint } from "../../shared-source/endpoint";
import type { Answer, Balance, Reward } from "../../shared-source/panel";
import { shopify } from "./shopify";

export interface Panel {
  signed_in: boolean;
  points_name?: { other: string };
  balance: Balance;
  rewards: Reward[];
}

export class App {
  constructor(private readonly endpoint: Endpoint) {}

  panel(): Promise<Panel> {
    return this.endpoint.get("panel");
  }

  /** The cart is only a hint, for the app to say what is missing before points move. */
  redeem(reward: string, key: string, choice: string | undefined): Promise<Answer> {
    const chosen = choice === undefined ? {} : { choice };
    return this.endpoint.post("redeem", { reward, key, ...chosen, ...cart() });
  }

  /** Gives the points of a redemption back whose code could not be applied. */
  release(redemption: string): Promise<Answer> {
    return this.endpoint.post("release", { redemption });
  }
}

function cart(): { subtotal: string; currency: string } | object {
  const subtotal = shopify.cost?.subtotalAmount.value;
  if (!subtotal) return {};
  return { subtotal: String(subtotal.amount), currency: subtotal.currencyCode };
}

/** Returns the app as the shop's metafield tells where it is, or null where it tells nothing. */
export function findApp(): App | null {
  const url = checkoutSettings()?.api_url;
  if (!url) return null;
  const locale = shopify.localization.language.value.isoCode;
  return new App(new Endpoint(`${url.replace(/\/$/, "")}/checkout`, locale));
}

function checkoutSettings(): { api_url?: string } | null {
  const value = appMetafield("shop", "checkout");
  return value === undefined ? null : JSON.parse(value);
}

/** Returns the customer's points as last written by the app, or null. */
export function knownPoints(): number | null {
  const value = appMetafield("customer", "points");
  return value === undefined ? null : Number(value);
}

function appMetafield(owner: "shop" | "customer", key: string): string | undefined {
  return shopify.appMetafields.value.find(
    ({ target, metafield }) => target.type === owner && metafield.key === key,
  )?.metafield.value;
}
