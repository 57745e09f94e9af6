/**
 * The rewards that were used last, and on which order.
 */
import type { Used } from "./panel";
import { shopify } from "./shopify";

export function UsedRewards({ used }: { used: Used[] }) {
  if (used.length === 0) return null;
  return (
    <s-section heading={shopify.i18n.translate("used.title")}>
      <s-stack gap="small">
        {used.map(({ id, title, date, note }) => (
          <s-stack key={id} gap="none">
            <s-text type="strong">{title}</s-text>
            <s-text color="subdued">
              {date} · {note}
            </s-text>
          </s-stack>
        ))}
      </s-stack>
    </s-section>
  );
}
