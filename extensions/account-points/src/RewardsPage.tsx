/**
 * The page: a member's points, or what stands in their place.
 */
import type { AskError } from "../../shared-source/endpoint";
import { Codes } from "./Codes";
import { Histories } from "./Histories";
import { Offers } from "./Offers";
import { shopify } from "./shopify";
import { TierCard } from "./TierCard";
import { UsedRewards } from "./UsedRewards";
import { NOT_SIGNED_IN, useRewards, type Rewards } from "./useRewards";

/** One number first: the balance is the page's heading, and what will become of it stands below. */
export function RewardsPage() {
  const t = shopify.i18n.translate;
  const rewards = useRewards();
  const balance = rewards.panel?.balance;
  return (
    <s-page
      heading={balance ? `${balance.text} ${balance.unit}` : t("title")}
      subheading={balance ? balance.notes?.join(" · ") || t("to_spend") : ""}
      inlineSize="large"
    >
      <Body rewards={rewards} />
    </s-page>
  );
}

function Body({ rewards }: { rewards: Rewards }) {
  const { panel, failure, load } = rewards;
  if (panel) return <Member rewards={rewards} panel={panel} />;
  return failure ? <Failure failure={failure} onRetry={load} /> : <Loading />;
}

interface MemberProps {
  rewards: Rewards;
  panel: NonNullable<Rewards["panel"]>;
}

function Member({ rewards, panel }: MemberProps) {
  return (
    <s-query-container>
      <s-stack gap="large">
        {panel.tier && <TierCard tier={panel.tier} />}
        <Codes taken={panel.redemptions} rewards={rewards} />
        <s-grid
          gridTemplateColumns="@container (inline-size > 820px) 3fr 2fr, 1fr"
          gap="large"
          alignItems="start"
        >
          <Offers offers={panel.rewards} pointsName={panel.points_name.other} rewards={rewards} />
          <s-stack gap="large">
            <UsedRewards used={panel.used} />
            <Histories told={panel} pointsName={panel.points_name.other} rewards={rewards} />
          </s-stack>
        </s-grid>
      </s-stack>
    </s-query-container>
  );
}

function Loading() {
  return (
    <s-section>
      <s-text accessibilityVisibility="exclusive">{shopify.i18n.translate("loading")}</s-text>
      <s-skeleton-paragraph />
      <s-skeleton-paragraph />
      <s-skeleton-paragraph />
    </s-section>
  );
}

function Failure({ failure, onRetry }: { failure: AskError; onRetry: () => void }) {
  const t = shopify.i18n.translate;
  if (failure.code === NOT_SIGNED_IN) {
    return <s-banner tone="info">{failure.message || t("signed_out")}</s-banner>;
  }
  return (
    <s-section>
      <s-stack gap="base" alignItems="start">
        <s-banner tone="critical">{failure.message || t("failed")}</s-banner>
        <s-button variant="secondary" onClick={onRetry}>
          {t("retry")}
        </s-button>
      </s-stack>
    </s-section>
  );
}
