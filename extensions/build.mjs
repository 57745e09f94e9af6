/**
 * Builds what Shopify and the development store serve of the extensions:
 *
 *   points-widget-source/  →  points-widget/assets/       (Shopify allows no sources in there)
 *   checkout-points/src/   →  checkout-points/dist/       (the Shopify CLI builds its own)
 *   account-points/src/    →  account-points/dist/        (as well)
 *
 * Usage: node extensions/build.mjs [--watch]
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

const widget = {
  entryPoints: [
    { in: join(here, "points-widget-source/launcher.js"), out: "rewards-launcher" },
    { in: join(here, "points-widget-source/panel.js"), out: "rewards-panel" },
    { in: join(here, "points-widget-source/panel.css"), out: "rewards-panel" },
  ],
  outdir: join(here, "points-widget/assets"),
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "esm",
  target: ["es2022", "safari16.4", "chrome111", "firefox113"],
  logLevel: "warning",
};

const uiExtension = (name, script) => ({
  entryPoints: { [script]: join(here, name, "src/entry.ts") },
  outdir: join(here, name, "dist"),
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  jsx: "automatic",
  jsxImportSource: "preact",
  target: "es2022",
  logLevel: "warning",
});

const all = [
  widget,
  uiExtension("checkout-points", "checkout"),
  uiExtension("account-points", "account"),
];

if (process.argv.includes("--watch")) {
  for (const options of all) await (await context(options)).watch();
} else {
  await Promise.all(all.map((options) => build(options)));
}
