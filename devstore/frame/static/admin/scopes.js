/** What the app may see: App Bridge's scopes, and the question whether it may see more. */
import { askToConfirm } from "./dialog.js";

/** Return which scopes are granted, required and optional. */
export async function scopes() {
  return (await fetch("/admin/frame/scopes.json", { cache: "no-store" })).json();
}

async function grant(granted) {
  const answer = await fetch("/admin/frame/scopes.json", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ optional: granted }),
  });
  return answer.json();
}

/** Ask the merchant for scopes of which each is declared as optional; fail where one is not. */
export async function askForScopes({ scopes: wanted }) {
  const detail = await scopes();
  const unknown = wanted.filter(
    (scope) => ![...detail.required, ...detail.optional].includes(scope),
  );
  if (unknown.length) throw new Error(`The app does not declare ${unknown.join(", ")}`);
  if (wanted.every((scope) => detail.granted.includes(scope)))
    return { result: "granted-all", detail };
  const granted = await askToConfirm({
    heading: "Regulars asks to see more",
    text: `It asks for ${wanted.join(", ")}.`,
    cancel: "Decline",
    confirm: "Allow",
  });
  if (!granted) return { result: "declined-all", detail };
  return { result: "granted-all", detail: await grant(true) };
}

/** Take optional scopes away again. */
export async function revokeScopes() {
  return { detail: await grant(false) };
}
