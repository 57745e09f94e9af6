/**
 * Spends points on this checkout: redeem, apply the code, and give the points back if it does not apply.
 */
import { App, AskError, type Answer, type Redemption } from "./app";
import { shopify } from "./shopify";

const FIRST_POLL_MS = 800;
const LAST_POLL_MS = 5000;
const POLL_FOR_MS = 60_000;
const RELEASE_TRIES = 3;

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
  const what = choice === undefined ? reward : `${reward}:${choice}`;
  const key = await keyOf(what);
  let redemption: Redemption | null;
  try {
    redemption = await settled(() => app.redeem(reward, key, choice));
  } catch (error) {
    if (error instanceof AskError && !error.again) await forget(what);
    throw error;
  }
  if (redemption?.state === "releasing") return { kind: "returning" };
  if (!redemption?.code) return { kind: "pending" };
  await forget(what);
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

async function settled(ask: () => Promise<Answer>): Promise<Redemption | null> {
  const deadline = Date.now() + POLL_FOR_MS;
  let wait = FIRST_POLL_MS;
  let { redemption } = await ask();
  while (redemption.state === "held") {
    if (Date.now() > deadline) return null;
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 1.5, LAST_POLL_MS);
    ({ redemption } = await ask());
  }
  return redemption;
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
      await new Promise((resolve) => setTimeout(resolve, FIRST_POLL_MS * attempt));
    }
  }
  return "kept";
}

/** The key of an ask outlives a reload, so that tapping again after one is the same ask. */
async function keyOf(what: string): Promise<string> {
  const kept = await shopify.storage.read<string>(storageName(what));
  if (kept) return kept;
  const key = crypto.randomUUID();
  await shopify.storage.write(storageName(what), key);
  return key;
}

function forget(what: string): Promise<void> {
  return shopify.storage.delete(storageName(what));
}

function storageName(what: string): string {
  return `ask:${what}`;
}
