/** Who the app is and for whom: the configuration, id tokens, and the requests that carry them. */
import { FRAME_ORIGIN, ask, embedded, script } from "./channel.js";

const RETRY_HEADER = "X-Shopify-Retry-Invalid-Session-Request";
const MARGIN_SECONDS = 10;
const parameters = new URLSearchParams(location.search);
const nativeFetch = window.fetch.bind(window);
const apiKeyMeta = () => document.querySelector('meta[name="shopify-api-key"]');

export const config = {
  apiKey: script.dataset.apiKey ?? apiKeyMeta()?.content ?? "",
  shop: parameters.get("shop") ?? "",
  host: parameters.get("host") ?? "",
  locale: parameters.get("locale") ?? "en",
  appOrigins: [],
  disabledFeatures: [],
  experimentalFeatures: [],
};

let cached = parameters.get("id_token");

function secondsLeft(token) {
  try {
    const claims = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    return claims.exp - Date.now() / 1000;
  } catch {
    return 0;
  }
}

/** Return an id token that is good for some seconds more; a new one from the admin when the last runs out. */
export async function idToken({ fresh = false } = {}) {
  if (fresh || !cached || secondsLeft(cached) < MARGIN_SECONDS) cached = await ask("id-token");
  return cached;
}

function signed(request, token) {
  const headers = new Headers(request.headers);
  if (!headers.has("Authorization")) headers.set("Authorization", `Bearer ${token}`);
  return new Request(request, { headers });
}

/** Fetch with the token where the request goes to the app's own origin; once more with a new one when the app asks for it. */
async function signedFetch(input, init) {
  const request = new Request(input, init);
  if (!embedded || new URL(request.url).origin !== location.origin) return nativeFetch(input, init);
  const again = request.clone();
  const answer = await nativeFetch(signed(request, await idToken()));
  if (answer.status !== 401 || !answer.headers.has(RETRY_HEADER)) return answer;
  return nativeFetch(signed(again, await idToken({ fresh: true })));
}

export function patchFetch() {
  window.fetch = signedFetch;
}

/** On the app's patch page: load the path it names again, now with a token. Return whether this is that page. */
export function reloadWithToken() {
  const path = parameters.get("shopify-reload");
  if (path === null) return false;
  const target = new URL(path, location.origin);
  if (target.origin !== location.origin) return true;
  idToken({ fresh: true }).then((token) => {
    target.searchParams.set("id_token", token);
    location.replace(target);
  });
  return true;
}

/** An app opened outside the admin is taken into it, as the real App Bridge does. Return whether it was. */
export function enterAdmin() {
  if (embedded) return false;
  location.replace(
    `${FRAME_ORIGIN}/admin/apps/regulars${location.pathname === "/" ? "" : location.pathname}`,
  );
  return true;
}

/** Complete the configuration with what the admin knows. */
export async function meetFrame() {
  const known = await ask("hello");
  for (const [name, value] of Object.entries(known))
    if (!config[name] || name === "currencyCode") config[name] = value;
}
