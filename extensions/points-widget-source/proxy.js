/**
 * Asks the app, through the shop's app proxy. Who asks is known to Shopify alone.
 */

/** Longer than the app ever waits for Shopify, shorter than a shopper's patience. */
const TIMEOUT_MS = 15_000;

/** The app said no, or could not be reached. */
export class AskError extends Error {
  /**
   * @param {string} text a finished sentence for the shopper
   * @param {boolean} again whether the same question may get another answer
   */
  constructor(text, again) {
    super(text);
    this.again = again;
  }
}

/** Returns the app's answer to `GET path`. */
export function read(config, path, query = {}) {
  return ask(config, "GET", path, query);
}

/** Returns the app's answer to `POST path`. The proxy signs the query, not a body, so all is there. */
export function post(config, path, query = {}) {
  return ask(config, "POST", path, query);
}

async function ask(config, method, path, query) {
  const parameters = new URLSearchParams({ ...query, locale: config.locale });
  let response, answer;
  try {
    response = await fetch(`${config.proxy}/${path}?${parameters}`, {
      method,
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    answer = await response.json();
  } catch {
    throw new AskError(config.words.lost, true);
  }
  if (response.ok) return answer;
  const again = response.status >= 500 || response.status === 429;
  throw new AskError(answer.error?.text ?? config.words.lost, again);
}
