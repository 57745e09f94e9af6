/**
 * Asks the app. The session token alone says which shop and customer ask.
 */
import { shopify } from "./shopify";

/** The app said no, or could not be reached; the message is a sentence for the customer, if any. */
export class AskError extends Error {
  constructor(
    text: string,
    /** Whether the same question may get another answer. */
    readonly again: boolean,
    /** The app's name for what went wrong: `not_signed_in`. */
    readonly code = "",
  ) {
    super(text);
  }
}

interface Refusal {
  error?: { text?: string; code?: string };
}

const TIMEOUT_MS = 15_000;

export class Endpoint {
  constructor(
    private readonly url: string,
    private readonly locale: string,
  ) {}

  get<T>(path: string, values: Record<string, string> = {}): Promise<T> {
    const query = new URLSearchParams({ ...values, locale: this.locale });
    return this.ask(`${path}?${query}`, { method: "GET" });
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.ask(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...body, locale: this.locale }),
    });
  }

  private async ask<T>(path: string, init: RequestInit): Promise<T> {
    let response: Response;
    let answer: T & Refusal;
    try {
      const token = await shopify.sessionToken.get();
      response = await fetch(`${this.url}/${path}`, {
        ...init,
        headers: { ...init.headers, Accept: "application/json", Authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      answer = await response.json();
    } catch {
      throw new AskError("", true);
    }
    if (response.ok) return answer;
    const { text = "", code = "" } = answer.error ?? {};
    throw new AskError(text, response.status >= 500 || response.status === 429, code);
  }
}
