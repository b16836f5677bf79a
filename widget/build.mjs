// Builds dist/: the loader, the widget, and the console when it is there. `node build.mjs --watch` builds on every change.
//
// The loader asks for `widget.js?v=<hash of its content>`, so the server may let browsers keep widget.js for good.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { context, transform } from "esbuild";

const watch = process.argv.includes("--watch");
const dist = "dist";

const common = {
  bundle: true,
  minify: true,
  legalComments: "none",
  target: ["es2022"],
  logLevel: "info",
  outdir: dist,
};

/** What is built; `embed` comes after `widget`, whose hash it carries. */
const targets = [
  { name: "widget", entryPoints: { widget: "src/widget/main.ts" }, format: "esm" },
  {
    name: "console",
    entryPoints: { "console/console": "src/console/main.tsx", "console/index": "src/console/index.html" },
    loader: { ".html": "copy" },
    format: "iife",
  },
];

/** Writes the loader with the hash of the widget that was just built. */
async function embed() {
  const version = createHash("sha256").update(await readFile(`${dist}/widget.js`)).digest("hex").slice(0, 12);
  const made = await context({
    ...common,
    entryPoints: { embed: "src/loader/embed.ts" },
    format: "iife",
    logLevel: "warning",
    define: { WIDGET_VERSION: JSON.stringify(version) },
  });
  await made.rebuild();
  await made.dispose();
}

/** The widget's style sheet as a text: it goes into the shadow tree, not beside the page's own. */
const sheet = {
  name: "sheet",
  setup(build) {
    build.onLoad({ filter: /src[/\\]widget[/\\].*\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: "safari16" });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
for (const { name, ...options } of targets) {
  const plugins = name === "widget" ? [sheet, { name: "embed", setup: (build) => void build.onEnd(embed) }] : [];
  const made = await context({ ...common, ...options, plugins });
  await made.rebuild();
  if (watch) await made.watch();
  else await made.dispose();
}
