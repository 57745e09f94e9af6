/**
 * What the app tells of a customer's points. Every word is finished; nothing here is reckoned again.
 */
export interface Balance {
  available: number;
  text: string;
  unit: string;
  /** What will become of it: what is on its way, what expires when. */
  notes?: string[];
}

/** An amount of a slider: what it costs and what it brings. */
export interface Stop {
  id: string;
  gain: string;
  cost: string;
}

export interface Reward {
  id: string;
  title: string;
  detail: string;
  /** The amounts to choose from, where there is a choice, and which one to start at. */
  stops?: Stop[];
  start?: number;
}

export interface Redemption {
  id: string;
  title: string;
  state: "held" | "ready" | "releasing" | "released" | "used";
  code?: string | null;
}

/** The app's answer to a redemption or its undoing. */
export interface Answer<R extends Redemption = Redemption> {
  redemption: R;
  balance?: Balance;
}
