/**
 * Redeems a reward once, however often it is asked for until an answer has come.
 */
import { AskError, post, read } from "./proxy.js";

const FIRST_POLL_MS = 1000;
const LAST_POLL_MS = 8000;
const POLL_FOR_MS = 180_000;

/** Keys of asks without an answer yet, for pages that may not use storage. */
const keys = new Map();

/**
 * Asks the app for `rewardId` and returns its answer: a redemption and the balance.
 *
 * `choice` is the amount or the product that was chosen, where there is a choice; `hint` is what the
 * cart holds. The key outlives a lost answer and a reload, so that trying again is the same ask. It ends with
 * the app's yes or no.
 */
export async function redeem(config, rewardId, choice, hint) {
  const what = choice === undefined ? rewardId : `${rewardId}:${choice}`;
  const asked = { reward: rewardId, ...(choice !== undefined && { choice }), ...hint };
  try {
    const answer = await post(config, "redeem", { ...asked, key: keyOf(what) });
    forget(what);
    return answer;
  } catch (error) {
    if (!(error instanceof AskError && error.again)) forget(what);
    throw error;
  }
}

/** Has a redemption taken back and returns it: released, or waiting until Shopify confirms. */
export function undo(config, redemptionId) {
  return post(config, "undo", { redemption: redemptionId });
}

/** Returns the redemption as soon as it waits no longer, or null when that takes too long. */
export async function settled(config, redemptionId) {
  const deadline = Date.now() + POLL_FOR_MS;
  for (let wait = FIRST_POLL_MS; Date.now() < deadline; wait = Math.min(wait * 1.5, LAST_POLL_MS)) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    try {
      const { redemption } = await read(config, "redemption", { id: redemptionId });
      if (!redemption.waits) return redemption;
    } catch (error) {
      if (!error.again) throw error;
    }
  }
  return null;
}

function keyOf(what) {
  const name = storageName(what);
  const key = keys.get(name) ?? stored(name) ?? crypto.randomUUID();
  keys.set(name, key);
  try {
    sessionStorage.setItem(name, key);
  } catch {
    // Storage is closed to this page; the key lives as long as the page.
  }
  return key;
}

function stored(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

function forget(what) {
  const name = storageName(what);
  keys.delete(name);
  try {
    sessionStorage.removeItem(name);
  } catch {
    // As above.
  }
}

function storageName(what) {
  return `regulars:ask:${what}`;
}
