/**
 * The tier: how far it is to the next one, what that brings, and until when this one is kept.
 */
import type { Tier } from "./panel";

export function TierCard({ tier }: { tier: Tier }) {
  const near = [tier.remaining, tier.detail].filter(Boolean).join(" · ");
  return (
    <s-section heading={tier.name || tier.next || ""}>
      <s-stack gap="small-200">
        {tier.next && (
          <s-progress value={tier.percent} max={100} accessibilityLabel={near || tier.next} />
        )}
        {near && <s-text>{near}</s-text>}
        {tier.keep && <s-text color="subdued">{tier.keep}</s-text>}
        {tier.perks && (
          <s-text color="subdued">
            {tier.name}: {tier.perks}
          </s-text>
        )}
      </s-stack>
    </s-section>
  );
}
