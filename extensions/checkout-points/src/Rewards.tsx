/**
 * The block under the discount field: the balance, the rewards to be had now, and those on this order.
 */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ChoiceSelect } from "../../shared-source/ChoiceSelect";
import { AskError } from "../../shared-source/endpoint";
import type { Reward } from "../../shared-source/panel";
import { findApp, knownPoints, type App, type Panel } from "./app";
import { isApplied, spend, unspend, type Applied } from "./redeem";
import { shopify } from "./shopify";

const APPLIED = "applied";
const REMOVED = {
  returned: "outcome.removed",
  returning: "outcome.removing",
  kept: "outcome.kept",
};

interface Notice {
  tone: "info" | "critical";
  /** A finished sentence, or the phrase that says it with what points are called. */
  text: string | { phrase: string };
}

export function Rewards() {
  const app = useMemo(findApp, []);
  if (!app) return null;
  if (!shopify.buyerIdentity?.customer.value) {
    return <s-text color="subdued">{shopify.i18n.translate("signed_out")}</s-text>;
  }
  return <Member app={app} />;
}

function Member({ app }: { app: App }) {
  const t = shopify.i18n.translate;
  const [panel, setPanel] = useState<Panel | null>(null);
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState<string | null>(null);
  const [notice, setNotice] = useState<Notice | null>(null);
  const [applied, setApplied] = useState<Applied[]>([]);
  const turn = useRef(0);
  const asking = useRef(false);

  /** Asks how things stand. An answer overtaken by a later one is dropped. */
  const load = async () => {
    const mine = ++turn.current;
    setFailed(false);
    try {
      const told = await app.panel();
      if (mine === turn.current) setPanel(told);
    } catch {
      if (mine === turn.current) setFailed(true);
    }
  };
  const keep = (next: Applied[]) => {
    setApplied(next);
    return shopify.storage.write(APPLIED, next);
  };
  useEffect(() => {
    void load();
    void shopify.storage.read<Applied[]>(APPLIED).then((kept) => setApplied(kept ?? []));
  }, []);

  /** Runs `work` unless something else is being asked: two taps may come before the first is drawn. */
  const during = async (what: string, work: () => Promise<Notice | null>) => {
    if (asking.current) return;
    asking.current = true;
    setBusy(what);
    setNotice(null);
    setNotice(await work().catch(noticeOf));
    setBusy(null);
    asking.current = false;
    await load();
  };

  const use = (reward: Reward, choice?: string) =>
    during(reward.id, async () => {
      const outcome = await spend(app, reward.id, choice);
      if (outcome.kind === "applied") {
        await keep([...applied, outcome.applied]);
        return null;
      }
      return { tone: "info", text: { phrase: `outcome.${outcome.kind}` } };
    });

  const remove = (entry: Applied) =>
    during(entry.code, async () => {
      const back = await unspend(app, entry);
      if (isApplied(entry.code)) return { tone: "critical", text: t("not_removed") };
      await keep(applied.filter((other) => other.code !== entry.code));
      return { tone: "info", text: { phrase: REMOVED[back] } };
    });

  if (panel && !panel.signed_in) return <s-text color="subdued">{t("signed_out")}</s-text>;
  return (
    <s-stack gap="base">
      <Balance panel={panel} />
      {applied
        .filter((entry) => isApplied(entry.code))
        .map((entry) => (
          <AppliedRow key={entry.code} entry={entry} busy={busy} onRemove={remove} />
        ))}
      {failed ? (
        <Failure onRetry={load} />
      ) : panel ? (
        <RewardRows rewards={panel.rewards} busy={busy} onUse={use} />
      ) : (
        <s-skeleton-paragraph />
      )}
      {notice && <NoticeBanner notice={notice} panel={panel} />}
    </s-stack>
  );
}

/** A reward can be taken off before the panel is there: until then points are called points. */
function NoticeBanner({ notice, panel }: { notice: Notice; panel: Panel | null }) {
  const t = shopify.i18n.translate;
  const { tone, text } = notice;
  const points = panel?.points_name?.other ?? panel?.balance.unit ?? t("points");
  return (
    <s-banner tone={tone}>{typeof text === "string" ? text : t(text.phrase, { points })}</s-banner>
  );
}

function Balance({ panel }: { panel: Panel | null }) {
  const t = shopify.i18n.translate;
  const known = knownPoints();
  if (panel) {
    const { text, unit } = panel.balance;
    return <s-heading>{t("balance", { points: text, unit })}</s-heading>;
  }
  if (known === null) return <s-skeleton-paragraph />;
  return (
    <s-heading>{t("balance", { points: shopify.i18n.formatNumber(known), unit: "" })}</s-heading>
  );
}

interface RowsProps {
  rewards: Reward[];
  busy: string | null;
  onUse: (reward: Reward, choice?: string) => void;
}

function RewardRows({ rewards, busy, onUse }: RowsProps) {
  const t = shopify.i18n.translate;
  if (!shopify.instructions.value.discounts.canUpdateDiscountCodes) {
    return <s-text color="subdued">{t("not_here")}</s-text>;
  }
  if (rewards.length === 0) return <s-text color="subdued">{t("nothing_yet")}</s-text>;
  return (
    <s-stack gap="small">
      {rewards.map((reward) => (
        <RewardRow key={reward.id} reward={reward} busy={busy} onUse={onUse} />
      ))}
    </s-stack>
  );
}

interface RowProps {
  reward: Reward;
  busy: string | null;
  onUse: (reward: Reward, choice?: string) => void;
}

function RewardRow({ reward, busy, onUse }: RowProps) {
  const t = shopify.i18n.translate;
  const [picked, setPicked] = useState<string | null>(null);
  const { stops } = reward;
  // After a redemption there are fewer points, and so fewer amounts.
  const stop = stops?.find(({ id }) => id === picked) ?? stops?.[reward.start ?? 0];
  const cost = stop?.cost ?? reward.detail;
  return (
    <s-grid gridTemplateColumns="1fr auto" gap="base" alignItems="center">
      <s-stack gap="none">
        <s-text type="strong">{reward.title}</s-text>
        <s-text color="subdued">{busy === reward.id ? t("getting") : cost}</s-text>
        {stop && stops && stops.length > 1 && (
          <ChoiceSelect
            label={t("amount")}
            options={stops.map(({ id, gain }) => ({ id, text: gain }))}
            value={stop.id}
            disabled={busy !== null}
            onPick={setPicked}
          />
        )}
      </s-stack>
      <s-button
        variant="secondary"
        loading={busy === reward.id}
        disabled={busy !== null && busy !== reward.id}
        accessibilityLabel={t("use_named", { reward: stop?.gain ?? reward.title, cost })}
        onClick={() => onUse(reward, stop?.id)}
      >
        {t("use")}
      </s-button>
    </s-grid>
  );
}

interface AppliedProps {
  entry: Applied;
  busy: string | null;
  onRemove: (entry: Applied) => void;
}

function AppliedRow({ entry, busy, onRemove }: AppliedProps) {
  const t = shopify.i18n.translate;
  return (
    <s-grid gridTemplateColumns="auto 1fr auto" gap="small" alignItems="center">
      <s-icon type="check-circle" tone="success" />
      <s-text>{t("applied", { reward: entry.title })}</s-text>
      <s-button
        variant="secondary"
        loading={busy === entry.code}
        disabled={busy !== null && busy !== entry.code}
        accessibilityLabel={t("remove_named", { reward: entry.title })}
        onClick={() => onRemove(entry)}
      >
        {t("remove")}
      </s-button>
    </s-grid>
  );
}

function Failure({ onRetry }: { onRetry: () => void }) {
  const t = shopify.i18n.translate;
  return (
    <s-stack gap="small">
      <s-text>{t("failed")}</s-text>
      <s-button variant="secondary" onClick={onRetry}>
        {t("retry")}
      </s-button>
    </s-stack>
  );
}

function noticeOf(error: unknown): Notice {
  const text = error instanceof AskError ? error.message : "";
  return { tone: "critical", text: text || shopify.i18n.translate("lost") };
}
