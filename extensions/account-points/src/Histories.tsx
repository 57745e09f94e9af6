/**
 * Every movement of points with its reason, each opening into its receipt.
 */
import { AskedWrong } from "./AskedWrong";
import type { Entry, History } from "./panel";
import { shopify } from "./shopify";
import type { Rewards } from "./useRewards";

interface Props {
  told: History;
  pointsName: string;
  rewards: Rewards;
}

export function Histories({ told, pointsName, rewards }: Props) {
  const t = shopify.i18n.translate;
  const { ask, showOlder } = rewards;
  return (
    <s-section heading={t("history.title")}>
      {told.history.length === 0 && (
        <s-text color="subdued">{t("history.empty", { points: pointsName })}</s-text>
      )}
      <s-stack gap="base">
        {told.history.map((entry, place) => (
          <EntryRow key={place} entry={entry} />
        ))}
        {told.history_older !== null && (
          <s-button
            variant="secondary"
            loading={(ask?.busy && ask.what === "history") ?? false}
            onClick={showOlder}
          >
            {t("history.more")}
          </s-button>
        )}
        <AskedWrong ask={ask} what="history" />
      </s-stack>
    </s-section>
  );
}

function EntryRow({ entry }: { entry: Entry }) {
  return (
    <s-stack gap="none">
      <s-grid gridTemplateColumns="1fr auto" gap="base">
        <s-text type="strong">{entry.title}</s-text>
        <s-text type="strong" tone={entry.sign === "plus" ? "success" : "auto"}>
          {entry.points}
        </s-text>
      </s-grid>
      <s-text color="subdued">{[entry.date, entry.note].filter(Boolean).join(" · ")}</s-text>
      {entry.receipt && entry.receipt.length > 0 && <Receipt entry={entry} />}
    </s-stack>
  );
}

function Receipt({ entry }: { entry: Entry }) {
  return (
    <s-details>
      <s-summary>{shopify.i18n.translate("history.receipt")}</s-summary>
      <s-stack gap="small-200">
        {entry.receipt?.map(({ text, points }, place) => (
          <s-grid key={place} gridTemplateColumns="1fr auto" gap="base">
            <s-text>{text}</s-text>
            <s-text>{points}</s-text>
          </s-grid>
        ))}
        {entry.receipt_notes?.map((note) => (
          <s-text key={note} color="subdued">
            {note}
          </s-text>
        ))}
      </s-stack>
    </s-details>
  );
}
