/** The admin around the app's iframe: answers App Bridge. */
import { on } from "./channel.js";
import { pickResource } from "./picker.js";
import { watchPlace } from "./place.js";
import { closeSaveBar, watchSaveBar } from "./save-bar.js";
import { askForScopes, revokeScopes, scopes } from "./scopes.js";
import { watchToasts } from "./toasts.js";

const getJson = async (path) => {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
};
const loading = document.querySelector(".loading");

on("hello", () => {
  closeSaveBar();
  return getJson("/admin/frame/config.json");
});
on("id-token", async () => (await getJson("/admin/id-token")).id_token);
on("extensions", () => getJson("/admin/frame/extensions.json"));
on("resource-picker", pickResource);
on("scopes", scopes);
on("scopes-request", askForScopes);
on("scopes-revoke", revokeScopes);
on("user", () => ({ accountAccess: "full" }));
on("loading", ({ on: busy }) => {
  loading.hidden = !busy;
});
watchToasts();
watchSaveBar();
watchPlace();

const iframe = document.querySelector(".app-frame iframe");
iframe.addEventListener("load", () => {
  loading.hidden = true;
});
iframe.src = iframe.dataset.src;
