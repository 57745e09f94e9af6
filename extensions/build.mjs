/**
 * Builds what Shopify and the development store serve of the extensions:
 *
 *   points-widget-source/  →  points-widget/assets/       (Shopify allows no sources in there)
 *   checkout-points/src/   →  checkout-points/dist/       (the Shopify CLI builds its own)
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

const checkout = {
  entryPoints: { checkout: join(here, "checkout-points/src/entry.ts") },
  outdir: join(here, "checkout-points/dist"),
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  jsx: "automatic",
  jsxImportSource: "preact",
  target: "es2022",
  logLevel: "warning",
};

if (process.argv.includes("--watch")) {
  for (const options of [widget, checkout]) await (await context(options)).watch();
} else {
  await Promise.all([widget, checkout].map(build));
}
