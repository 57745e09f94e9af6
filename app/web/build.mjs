/**
 * Builds the scripts and styles of the embedded pages into app/web/static, named by their content,
 * with a manifest that the pages look names up in.
 */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "static");

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
/** Styles that a script imports are text in it: the widget's, for its preview. */
const styleAsText = {
  name: "style-as-text",
  setup({ onLoad }) {
    onLoad({ filter: /panel\.css$/ }, async ({ path: file }) => ({
      contents: await readFile(file, "utf8"),
      loader: "text",
    }));
  },
};

const result = await build({
  plugins: [styleAsText],
  entryPoints: [path.join(here, "static_src/admin.js"), path.join(here, "static_src/admin.css")],
  outdir: out,
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  metafile: true,
  target: "es2022",
  format: "iife",
});
const manifest = {};
for (const [file, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  if (entryPoint) manifest[path.basename(entryPoint)] = path.basename(file);
}
await writeFile(path.join(out, "manifest.json"), JSON.stringify(manifest, null, 2));
console.log(`pages: ${(await readdir(out)).join(", ")}`);
