/**
 * Asks the app. The session token alone says which shop and customer ask.
 */
import { shopify } from "./shopify";

export interface Balance {
  available: number;
  text: string;
  unit: string;
}

/** An amount of a slider: what it costs and what it brings, in the app's words. */
export interface Stop {
  id: string;
  gain: string;
  cost: string;
}

export interface Reward {
  id: string;
  title: string;
  detail: string;
  /** The amounts to choose from, where there is a choice, and which one to start at. */
  stops?: Stop[];
  start?: number;
}

export interface Redemption {
  id: string;
  title: string;
  state: "held" | "ready" | "releasing" | "released";
  code?: string | null;
}

export interface Panel {
  signed_in: boolean;
  points_name?: { other: string };
  balance: Balance;
  rewards: Reward[];
}

export interface Answer {
  redemption: Redemption;
  balance?: Balance;
}

/** The app said no, or could not be reached; the message is a sentence for the customer, if any. */
export class AskError extends Error {
  /** Whether the same question may get another answer. */
  readonly again: boolean;

  constructor(text: string, again: boolean) {
    super(text);
    this.again = again;
  }
}

const TIMEOUT_MS = 15_000;

export class App {
  constructor(
    private readonly url: string,
    private readonly locale: string,
  ) {}

  panel(): Promise<Panel> {
    return this.ask(`panel?locale=${encodeURIComponent(this.locale)}`, { method: "GET" });
  }

  /** The cart is only a hint, for the app to say what is missing before points move. */
  redeem(reward: string, key: string, choice: string | undefined): Promise<Answer> {
    const chosen = choice === undefined ? {} : { choice };
    return this.post("redeem", { reward, key, ...chosen, ...cart(), locale: this.locale });
  }

  /** Gives the points of a redemption back whose code could not be applied. */
  release(redemption: string): Promise<Answer> {
    return this.post("release", { redemption });
  }

  private post<T>(path: string, body: object): Promise<T> {
    return this.ask(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  private async ask<T>(path: string, init: RequestInit): Promise<T> {
    let response: Response;
    let answer: T & { error?: { text?: string } };
    try {
      const token = await shopify.sessionToken.get();
      response = await fetch(`${this.url}/checkout/${path}`, {
        ...init,
        headers: { ...init.headers, Accept: "application/json", Authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      answer = await response.json();
    } catch {
      throw new AskError("", true);
    }
    if (response.ok) return answer;
    throw new AskError(answer.error?.text ?? "", response.status >= 500 || response.status === 429);
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
  return url ? new App(url.replace(/\/$/, ""), shopify.localization.language.value.isoCode) : null;
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
