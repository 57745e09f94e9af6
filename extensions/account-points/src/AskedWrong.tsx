/**
 * What went wrong with an ask, next to what was asked.
 *
 * Accepts: `ask` (what was asked last), `what` (that which this stands beside).
 */
import type { Ask } from "./useRewards";

interface Props {
  ask: Ask | null;
  what: string;
}

export function AskedWrong({ ask, what }: Props) {
  if (ask?.what !== what || !ask.error) return null;
  return <s-banner tone="critical">{ask.error}</s-banner>;
}
