/**
 * What points buy: taken with one tap, after choosing where there is a choice, or the reason why not yet.
 */
import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { ChoiceSelect } from "../../shared-source/ChoiceSelect";
import { AskedWrong } from "./AskedWrong";
import type { Offer } from "./panel";
import { shopify } from "./shopify";
import type { Rewards } from "./useRewards";

interface Props {
  offers: Offer[];
  pointsName: string;
  rewards: Rewards;
}

export function Offers({ offers, pointsName, rewards }: Props) {
  const t = shopify.i18n.translate;
  return (
    <s-section heading={t("offers.title")}>
      {offers.length === 0 && (
        <s-text color="subdued">{t("offers.empty", { points: pointsName })}</s-text>
      )}
      <s-stack gap="base">
        {offers.map((offer, place) => (
          <Fragment key={offer.id}>
            {place > 0 && <s-divider />}
            <OfferRow offer={offer} rewards={rewards} />
          </Fragment>
        ))}
      </s-stack>
    </s-section>
  );
}

function OfferRow({ offer, rewards }: { offer: Offer; rewards: Rewards }) {
  const t = shopify.i18n.translate;
  const [picked, setPicked] = useState<string | null>(null);
  const { ask } = rewards;
  const what = `reward:${offer.id}`;
  const busy = (ask?.busy && ask.what === what) ?? false;
  const chosen = chosenOf(offer, picked);
  const cost = chosen?.cost ?? offer.detail;
  return (
    <s-stack gap="small">
      <s-grid gridTemplateColumns="auto 1fr auto" gap="base" alignItems="center">
        <Picture offer={offer} />
        <s-stack gap="none">
          <s-text type="strong">{offer.title}</s-text>
          <s-text color="subdued">{busy ? t("getting") : cost}</s-text>
        </s-stack>
        {offer.reason ? (
          <s-text color="subdued">{offer.reason}</s-text>
        ) : (
          <s-button
            variant="primary"
            loading={busy}
            disabled={(ask?.busy && !busy) ?? false}
            accessibilityLabel={t("offers.redeem_named", {
              reward: chosen?.text ?? offer.title,
              cost,
            })}
            onClick={() => rewards.redeem(offer.id, chosen?.id)}
          >
            {t("offers.redeem")}
          </s-button>
        )}
      </s-grid>
      {chosen && chosen.options.length > 1 && (
        <ChoiceSelect
          label={t(offer.stops ? "offers.amount" : "offers.product")}
          options={chosen.options}
          value={chosen.id}
          disabled={busy}
          onPick={setPicked}
        />
      )}
      <AskedWrong ask={ask} what={what} />
    </s-stack>
  );
}

interface Option {
  id: string;
  text: string;
  cost?: string;
}

/** Returns what is chosen of a reward that has a choice: what was picked, if it is there still. */
function chosenOf(offer: Offer, picked: string | null): (Option & { options: Option[] }) | null {
  const options: Option[] =
    offer.stops?.map(({ id, gain, cost }) => ({ id, text: gain, cost })) ??
    offer.products?.map(({ id, title }) => ({ id, text: title })) ??
    [];
  const chosen = options.find(({ id }) => id === picked) ?? options[offer.start ?? 0];
  return chosen ? { ...chosen, options } : null;
}

/** The merchant's picture, or the sign of what the reward gives. */
function Picture({ offer }: { offer: Offer }) {
  if (offer.image) return <s-product-thumbnail src={offer.image} alt="" size="small" />;
  return <s-icon type={ICONS[offer.icon ?? ""] ?? "star"} />;
}

/** The app's names of signs, as Shopify's icons. */
const ICONS: Record<string, "discount" | "delivery" | "bag" | "cash-dollar" | "gift-card"> = {
  tag: "discount",
  percent: "discount",
  truck: "delivery",
  gift: "bag",
  wallet: "cash-dollar",
  card: "gift-card",
};
