/**
 * The key of an ask is kept while its answer is unknown, so that asking again is the same ask. It
 * outlives a reload.
 */
import { shopify } from "./shopify";

/** Returns the key under which `reward`, of which `choice` was picked, is asked for. */
export async function keyOf(reward: string, choice: string | undefined): Promise<string> {
  const name = storageName(reward, choice);
  const kept = await shopify.storage.read<string>(name);
  if (kept) return kept;
  const key = crypto.randomUUID();
  await shopify.storage.write(name, key);
  return key;
}

/** The ask was answered: the next one is another. */
export function forget(reward: string, choice: string | undefined): Promise<void> {
  return shopify.storage.delete(storageName(reward, choice));
}

function storageName(reward: string, choice: string | undefined): string {
  return choice === undefined ? `ask:${reward}` : `ask:${reward}:${choice}`;
}
