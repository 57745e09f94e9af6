/**
 * The state of the page: what the app told last, what is being asked, and what became of it.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { AskError } from "../../shared-source/endpoint";
import type { Answer } from "../../shared-source/panel";
import { findApp, type App } from "./app";
import type { Panel, Taken } from "./panel";
import { shopify } from "./shopify";

export const NOT_SIGNED_IN = "not_signed_in";

/** What is asked or was asked last; one thing at a time. */
export interface Ask {
  /** `reward:ID`, `redemption:ID` or `history`. */
  what: string;
  busy: boolean;
  error?: string;
}

export interface Rewards {
  panel: Panel | null;
  /** Why there is no panel. */
  failure: AskError | null;
  ask: Ask | null;
  /** What became of a reward that no row tells of any more, in the app's words. */
  notice: string | null;
  load: () => void;
  redeem: (reward: string, choice: string | undefined) => void;
  undo: (redemption: string) => void;
  showOlder: () => void;
}

export function useRewards(): Rewards {
  const [panel, setPanel] = useState<Panel | null>(null);
  const [failure, setFailure] = useState<AskError | null>(null);
  const [ask, setAsk] = useState<Ask | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const found = useRef<App | null>(null);
  const turn = useRef(0);
  const asking = useRef(false);
  const watched = useRef(new Set<string>()).current;

  const app = async () => (found.current ??= await findApp());

  /** Asks how things stand. An answer overtaken by a later one is dropped. */
  const load = async () => {
    const mine = ++turn.current;
    setFailure(null);
    try {
      const told = await (await app()).panel();
      if (mine !== turn.current) return;
      setPanel(told);
      told.redemptions.forEach(watch);
    } catch (error) {
      if (mine !== turn.current) return;
      const refused = asAskError(error);
      setFailure(refused);
      // What was told before stays in sight, unless it is not for these eyes any more.
      if (refused.code === NOT_SIGNED_IN) setPanel(null);
    }
  };
  useEffect(() => void load(), []);

  /** Runs `work` unless something else is being asked, and says next to it what went wrong. */
  const during = async (what: string, work: (app: App) => Promise<void>) => {
    if (asking.current) return;
    asking.current = true;
    setAsk({ what, busy: true });
    setNotice(null);
    try {
      await work(await app());
      setAsk(null);
    } catch (error) {
      setAsk({ what, busy: false, error: wordsOf(error) });
    }
    asking.current = false;
  };

  /** Shows an answer at once, before the whole panel is there again. */
  const take = ({ redemption, balance }: Answer<Taken>) => {
    setPanel((before) => before && withAnswer(before, redemption, balance));
    tell(redemption);
    watch(redemption);
  };

  const tell = (redemption: Taken) => {
    if (redemption.waits) return;
    void shopify.toast.show(redemption.text);
    if (!redemption.open) setNotice(redemption.text);
  };

  /** Follows a redemption that waits: for its code or for its points. */
  const watch = async (taken: Taken) => {
    if (!taken.waits || watched.has(taken.id)) return;
    watched.add(taken.id);
    try {
      const now = await (await app()).whenSettled(taken);
      if (now) take({ redemption: now });
    } catch {
      // The panel's own answer says what became of it.
    }
    watched.delete(taken.id);
    await load();
  };

  const changing = (what: string, change: (app: App) => Promise<Answer<Taken>>) =>
    during(what, async (asked) => {
      try {
        take(await change(asked));
      } finally {
        // The rest follows: what costs too much now, and what the history tells of it.
        void load();
      }
    });

  return {
    panel,
    failure,
    ask,
    notice,
    load,
    redeem: (reward, choice) =>
      void changing(`reward:${reward}`, (asked) => asked.redeem(reward, choice)),
    undo: (redemption) =>
      void changing(`redemption:${redemption}`, (asked) => asked.undo(redemption)),
    showOlder: () =>
      void during("history", async (asked) => {
        const before = panel?.history_older;
        if (before == null) return;
        const { history, history_older } = await asked.older(before);
        setPanel((now) => now && { ...now, history: [...now.history, ...history], history_older });
      }),
  };
}

function withAnswer(
  before: Panel,
  redemption: Taken,
  balance: Answer["balance"] = before.balance,
): Panel {
  const others = before.redemptions.filter(({ id }) => id !== redemption.id);
  return { ...before, balance, redemptions: redemption.open ? [redemption, ...others] : others };
}

function asAskError(error: unknown): AskError {
  return error instanceof AskError ? error : new AskError("", true);
}

function wordsOf(error: unknown): string {
  return asAskError(error).message || shopify.i18n.translate("lost");
}
