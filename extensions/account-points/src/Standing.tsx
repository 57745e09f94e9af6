/**
 * One number first, the balance; then what is near: the next tier, and until when this one is kept.
 */
import type { Balance } from "../../shared-source/panel";
import type { Tier } from "./panel";

interface Props {
  balance: Balance;
  tier: Tier | null;
}

export function Standing({ balance, tier }: Props) {
  const columns = tier ? "@container (inline-size > 620px) 1fr 1fr, 1fr" : "1fr";
  return (
    <s-grid gridTemplateColumns={columns} gap="large">
      <s-section heading={`${balance.text} ${balance.unit}`}>
        <s-stack gap="small-200">
          {balance.notes?.map((note) => (
            <s-text key={note} color="subdued">
              {note}
            </s-text>
          ))}
        </s-stack>
      </s-section>
      {tier && <TierCard tier={tier} />}
    </s-grid>
  );
}

function TierCard({ tier }: { tier: Tier }) {
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
