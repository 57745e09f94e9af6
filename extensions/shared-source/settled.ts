/**
 * Waits for what Shopify has not confirmed yet, asking less and less often.
 */
const FIRST_POLL_MS = 800;
const LAST_POLL_MS = 5000;
const POLL_FOR_MS = 60_000;

/** Returns the first of `now` and what `ask` answers that waits no more, or null after a minute. */
export async function settled<T>(
  now: T,
  waits: (found: T) => boolean,
  ask: () => Promise<T>,
): Promise<T | null> {
  const deadline = Date.now() + POLL_FOR_MS;
  let wait = FIRST_POLL_MS;
  let found = now;
  while (waits(found)) {
    if (Date.now() > deadline) return null;
    await pause(wait);
    wait = Math.min(wait * 1.5, LAST_POLL_MS);
    found = await ask();
  }
  return found;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
