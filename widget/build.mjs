// Builds dist/: the loader, the widget, the console, and the demo shop as it is. `node build.mjs --watch` builds on every change.
//
// The loader asks for `widget.js?v=<hash>`, the widget for its later parts likewise: what is asked for with a hash may be kept for good.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, watch, writeFile } from "node:fs/promises";
import { build, transform } from "esbuild";
import { minify } from "terser";

const dist = "dist";

const common = {
  bundle: true,
  minify: true,
  legalComments: "none",
  target: ["es2022"],
  logLevel: "warning",
  outdir: dist,
};

/** What is built, in this order: the widget carries the hash of its later parts, the loader that of the widget. */
const targets = [
  {
    entryPoints: {
      "widget-spanish": "src/i18n/visitor/spanish.ts",
      "widget-english": "src/i18n/visitor/english.ts",
      "widget-more": "src/widget/more.ts",
    },
    format: "esm",
    small: true,
  },
  { entryPoints: { widget: "src/widget/main.ts" }, format: "esm", small: true, hashes: { PARTS_VERSION: ["widget-spanish.js", "widget-english.js", "widget-more.js"] } },
  { entryPoints: { embed: "src/loader/embed.ts" }, format: "iife", hashes: { WIDGET_VERSION: ["widget.js"] } },
  {
    entryPoints: { "console/console": "src/console/main.tsx", "console/index": "src/console/index.html" },
    loader: { ".html": "copy" },
    format: "iife",
  },
];

/** What goes into other people's pages is made as small as can be: terser gets 4 % more out of it than esbuild alone. */
async function squeeze(names) {
  for (const name of names) {
    const file = `${dist}/${name}.js`;
    const { code } = await minify(await readFile(file, "utf8"), { module: true, ecma: 2020, compress: { passes: 3, unsafe_arrows: true } });
    await writeFile(file, code);
  }
}

/** The short hash of files in dist/. */
async function hash(files) {
  const sum = createHash("sha256");
  for (const file of files) sum.update(await readFile(`${dist}/${file}`));
  return sum.digest("hex").slice(0, 12);
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

async function all() {
  await cp("demo", `${dist}/demo`, { recursive: true });
  for (const { hashes = {}, small = false, ...options } of targets) {
    const define = {};
    for (const [name, files] of Object.entries(hashes)) define[name] = JSON.stringify(await hash(files));
    await build({ ...common, define, plugins: [sheet], ...options });
    if (small) await squeeze(Object.keys(options.entryPoints));
  }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await all();
if (process.argv.includes("--watch")) {
  let next = Promise.resolve();
  let due;
  const again = () => (next = next.then(all).catch(() => console.error("not built")));
  for await (const _ of watch("src", { recursive: true })) {
    clearTimeout(due);
    due = setTimeout(again, 100);
  }
}
