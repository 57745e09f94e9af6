/**
 * Spends points on this checkout: redeem, apply the code, and give the points back if it does not apply.
 */
import { AskError } from "../../shared-source/endpoint";
import { forget, keyOf } from "../../shared-source/keys";
import type { Redemption } from "../../shared-source/panel";
import { pause, settled } from "../../shared-source/settled";
import type { App } from "./app";
import { shopify } from "./shopify";

const RELEASE_TRIES = 3;
const RELEASE_PAUSE_MS = 800;

/** A code on this checkout that points paid for. */
export interface Applied {
  redemption: string;
  title: string;
  code: string;
}

/**
 * Points that are back, or on their way while Shopify has not confirmed that the code is gone; or the
 * app could not be told, so that the reward waits in the account.
 */
export type GivenBack = "returned" | "returning" | "kept";

export type Outcome =
  | { kind: "applied"; applied: Applied }
  /** The code was refused: what became of its points. */
  | { kind: GivenBack }
  /** The code is still being made. */
  | { kind: "pending" };

/**
 * Spends points on `reward`, of which `choice` was picked, and says what came of it. Throws AskError
 * when the app says no.
 *
 * Asking again with the same key is the same ask, so it is also how a held redemption is polled.
 */
export async function spend(app: App, reward: string, choice?: string): Promise<Outcome> {
  const key = await keyOf(reward, choice);
  const ask = async () => (await app.redeem(reward, key, choice)).redemption;
  let redemption: Redemption | null;
  try {
    redemption = await settled(await ask(), ({ state }) => state === "held", ask);
  } catch (error) {
    if (error instanceof AskError && !error.again) await forget(reward, choice);
    throw error;
  }
  if (redemption?.state === "releasing") return { kind: "returning" };
  if (!redemption?.code) return { kind: "pending" };
  await forget(reward, choice);
  if (await apply(redemption.code)) {
    const { id, title, code } = redemption;
    return { kind: "applied", applied: { redemption: id, title, code } };
  }
  return { kind: await giveBack(app, redemption.id) };
}

/** Takes the code off this checkout and gives its points back. Says what became of them. */
export async function unspend(app: App, applied: Applied): Promise<GivenBack> {
  const change = { type: "removeDiscountCode", code: applied.code } as const;
  const result = await shopify.applyDiscountCodeChange(change).catch(() => null);
  if (result?.type !== "success" && isApplied(applied.code)) return "kept";
  return giveBack(app, applied.redemption);
}

/** Says whether `code` is on this checkout. */
export function isApplied(code: string): boolean {
  return shopify.discountCodes.value.some(
    (entry) => entry.code.toLowerCase() === code.toLowerCase(),
  );
}

async function apply(code: string): Promise<boolean> {
  try {
    const result = await shopify.applyDiscountCodeChange({ type: "addDiscountCode", code });
    return result.type === "success";
  } catch {
    return isApplied(code);
  }
}

async function giveBack(app: App, id: string): Promise<GivenBack> {
  for (let attempt = 1; attempt <= RELEASE_TRIES; attempt += 1) {
    try {
      const { redemption } = await app.release(id);
      return redemption.state === "releasing" ? "returning" : "returned";
    } catch (error) {
      if (!(error instanceof AskError && error.again)) return "kept";
      await pause(RELEASE_PAUSE_MS * attempt);
    }
  }
  return "kept";
}
