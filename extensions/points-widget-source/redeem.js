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
 * Asks the app for `rewardId` and returns its answer: a redemption, ready or held, and the balance.
 *
 * The key outlives a lost answer and a reload, so that trying again is the same ask. It ends with
 * the app's yes or no.
 */
export async function redeem(config, rewardId) {
  try {
    const answer = await post(config, "redeem", { reward: rewardId, key: keyOf(rewardId) });
    forget(rewardId);
    return answer;
  } catch (error) {
    if (!(error instanceof AskError && error.again)) forget(rewardId);
    throw error;
  }
}

/** Gives the points of a redemption back and has its code deleted. */
export function undo(config, redemptionId) {
  return post(config, "undo", { redemption: redemptionId });
}

/** Returns the redemption as soon as it is no longer held, or null when that takes too long. */
export async function settled(config, redemptionId) {
  const deadline = Date.now() + POLL_FOR_MS;
  for (let wait = FIRST_POLL_MS; Date.now() < deadline; wait = Math.min(wait * 1.5, LAST_POLL_MS)) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    try {
      const { redemption } = await read(config, "redemption", { id: redemptionId });
      if (redemption.state !== "held") return redemption;
    } catch (error) {
      if (!error.again) throw error;
    }
  }
  return null;
}

function keyOf(rewardId) {
  const name = storageName(rewardId);
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

function forget(rewardId) {
  const name = storageName(rewardId);
  keys.delete(name);
  try {
    sessionStorage.removeItem(name);
  } catch {
    // As above.
  }
}

function storageName(rewardId) {
  return `regulars:ask:${rewardId}`;
}
