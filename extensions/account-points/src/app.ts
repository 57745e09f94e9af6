/**
 * What the account page asks of the app, and where the app is.
 */
import { AskError, Endpoint } from "../../shared-source/endpoint";
import { forget, keyOf } from "../../shared-source/keys";
import type { Answer } from "../../shared-source/panel";
import { settled } from "../../shared-source/settled";
import type { History, Panel, Taken } from "./panel";
import { shopify } from "./shopify";

const WHERE = `query { shop { metafield(namespace: "$app", key: "checkout") { value } } }`;

export class App {
  constructor(private readonly endpoint: Endpoint) {}

  panel(): Promise<Panel> {
    return this.endpoint.get("panel");
  }

  older(before: number): Promise<History> {
    return this.endpoint.get("history", { before: String(before) });
  }

  /**
   * Spends points on `reward`, of which `choice` was picked. Throws AskError when the app says no.
   *
   * The ask keeps its key until the app has answered yes or no: asking again is the same ask.
   */
  async redeem(reward: string, choice: string | undefined): Promise<Answer<Taken>> {
    const chosen = choice === undefined ? {} : { choice };
    const key = await keyOf(reward, choice);
    try {
      const answer = await this.endpoint.post<Answer<Taken>>("redeem", { reward, key, ...chosen });
      await forget(reward, choice);
      return answer;
    } catch (error) {
      if (error instanceof AskError && !error.again) await forget(reward, choice);
      throw error;
    }
  }

  /** Has a reward taken back: its points are back, or wait until Shopify has confirmed. */
  undo(redemption: string): Promise<Answer<Taken>> {
    return this.endpoint.post("undo", { redemption });
  }

  /** Returns `taken` as soon as it waits no more, or null when that takes too long. */
  whenSettled(taken: Taken): Promise<Taken | null> {
    return settled(
      taken,
      ({ waits }) => waits,
      () => this.again(taken),
    );
  }

  /** Asks how `taken` stands; an app that cannot be reached may be the next time. */
  private async again(taken: Taken): Promise<Taken> {
    try {
      const { redemption } = await this.endpoint.get<Answer<Taken>>("redemption", { id: taken.id });
      return redemption;
    } catch (error) {
      if (error instanceof AskError && error.again) return taken;
      throw error;
    }
  }
}

/** Returns the app as the shop's metafield tells where it is; throws AskError where it does not. */
export async function findApp(): Promise<App> {
  const found = await shopify
    .query<{ shop: { metafield: { value: string } | null } }>(WHERE)
    .catch(() => null);
  const value = found?.data?.shop.metafield?.value;
  const url: string | undefined = value && JSON.parse(value).api_url;
  if (!url) throw new AskError("", true);
  const locale = shopify.localization.language.value.isoCode;
  return new App(new Endpoint(`${url.replace(/\/$/, "")}/account`, locale));
}
