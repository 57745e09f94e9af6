/**
 * What the customer took and holds: each with its code and the way back, while there is one.
 */
import { useState } from "preact/hooks";
import { AskedWrong } from "./AskedWrong";
import type { Taken } from "./panel";
import { shopify } from "./shopify";
import type { Rewards } from "./useRewards";

interface Props {
  taken: Taken[];
  rewards: Rewards;
}

export function Codes({ taken, rewards }: Props) {
  const { notice } = rewards;
  if (taken.length === 0 && !notice) return null;
  return (
    <s-section heading={shopify.i18n.translate("codes.title")}>
      <s-stack gap="base">
        {notice && <s-banner tone="success">{notice}</s-banner>}
        {taken.map((each) => (
          <CodeRow key={each.id} taken={each} rewards={rewards} />
        ))}
      </s-stack>
    </s-section>
  );
}

function CodeRow({ taken, rewards }: { taken: Taken; rewards: Rewards }) {
  const t = shopify.i18n.translate;
  const { ask, undo } = rewards;
  const what = `redemption:${taken.id}`;
  const busy = ask?.busy && ask.what === what;
  return (
    <s-box padding="base" border="base" borderRadius="base">
      <s-grid
        gridTemplateColumns="@container (inline-size > 460px) 1fr auto, 1fr"
        gap="base"
        alignItems="center"
      >
        <s-stack gap="small-200">
          <s-text type="strong">{taken.waits ? taken.title : taken.text}</s-text>
          {taken.waits && <Waiting text={taken.text} />}
          {taken.code && <Code id={taken.id} code={taken.code} expires={taken.expires} />}
        </s-stack>
        {taken.undo && (
          <s-button
            variant="secondary"
            loading={busy ?? false}
            disabled={(ask?.busy && !busy) ?? false}
            accessibilityLabel={t("codes.give_back_named", { reward: taken.title })}
            onClick={() => undo(taken.id)}
          >
            {t("codes.give_back")}
          </s-button>
        )}
      </s-grid>
      <AskedWrong ask={ask} what={what} />
    </s-box>
  );
}

function Waiting({ text }: { text: string }) {
  return (
    <s-stack direction="inline" gap="small-200" alignItems="center" accessibilityRole="status">
      <s-spinner size="small" />
      <s-text color="subdued">{text}</s-text>
    </s-stack>
  );
}

interface CodeProps {
  id: string;
  code: string;
  expires: string | undefined;
}

function Code({ id, code, expires }: CodeProps) {
  const t = shopify.i18n.translate;
  const [copied, setCopied] = useState(false);
  const item = `code-${id}`;
  return (
    <s-stack direction="inline" gap="small-200" alignItems="center">
      <s-text type="mark">{code}</s-text>
      <s-clipboard-item id={item} text={code} onCopy={() => setCopied(true)} />
      <s-button
        variant="secondary"
        command="--copy"
        commandFor={item}
        accessibilityLabel={t("codes.copy_named", { code })}
      >
        {t(copied ? "codes.copied" : "codes.copy")}
      </s-button>
      {expires && <s-text color="subdued">{expires}</s-text>}
    </s-stack>
  );
}
