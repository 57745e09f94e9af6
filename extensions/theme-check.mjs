/**
 * Runs Shopify's theme check on the theme app extension and fails on any offense.
 *
 * Usage: node extensions/theme-check.mjs
 */
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { themeCheckRun } from "@shopify/theme-check-node";

const folder = join(dirname(fileURLToPath(import.meta.url)), "points-widget");
const { offenses } = await themeCheckRun(folder, "theme-check:theme-app-extension");

for (const { check, message, start, uri } of offenses) {
  const file = relative(process.cwd(), fileURLToPath(uri));
  console.error(`${file}:${start.line + 1}: ${check}: ${message}`);
}
if (offenses.length > 0) process.exitCode = 1;
else console.log("theme check: no offenses");
