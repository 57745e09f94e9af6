/**
 * What the app tells on this page beyond what every extension is told.
 */
import type { Balance, Redemption, Reward } from "../../shared-source/panel";

export interface Tier {
  name: string;
  next: string | null;
  percent: number;
  /** How far it is to the next one, and what that brings. */
  remaining: string;
  detail: string;
  /** Until when this one is kept, and what keeps it. */
  keep: string;
  perks: string;
}

/** A reward on offer: had at once, or not yet for `reason`. */
export interface Offer extends Reward {
  state: string;
  reason?: string;
  image?: string | null;
  icon?: string;
  products?: { id: string; title: string }[];
}

/** A reward that was taken: `open` while its points are held, `waits` until Shopify has answered. */
export interface Taken extends Redemption {
  text: string;
  open: boolean;
  waits: boolean;
  undo: boolean;
  expires?: string;
}

export interface Used {
  id: string;
  title: string;
  note: string;
  date: string;
}

export interface Entry {
  title: string;
  date: string;
  note: string;
  points: string;
  sign: "plus" | "minus" | "none";
  receipt?: { text: string; points: string }[];
  receipt_notes?: string[];
}

export interface History {
  history: Entry[];
  /** What the next page is asked for with; null: there is none. */
  history_older: number | null;
}

export interface Panel extends History {
  points_name: { other: string };
  balance: Balance;
  tier: Tier | null;
  rewards: Offer[];
  redemptions: Taken[];
  used: Used[];
}
