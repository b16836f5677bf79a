// Builds dist/: the loader, the widget, the console, and the demo shop as it is. `node build.mjs --watch` builds on every change.
//
// Whatever is asked for with its hash, `?v=<hash>`, may be kept for good: the loader has those of the widgets, a widget those of the texts,
// the console's page those of its script and style sheet.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, watch, writeFile } from "node:fs/promises";
import { build, transform } from "esbuild";
import { minify } from "terser";
import { ownNames } from "./build/names.mjs";
import { shortCss } from "./build/css.mjs";

const dist = "dist";

const common = {
  bundle: true,
  minify: true,
  legalComments: "none",
  target: ["es2022"],
  logLevel: "warning",
};

/** The languages of the widget, and the file that has each. */
const LANGUAGES = { es: "spanish", en: "english" };

/** The widget's style sheet as a text: it goes into the shadow tree, not beside the page's own. */
const sheet = {
  name: "sheet",
  setup(build) {
    build.onLoad({ filter: /src[/\\]widget[/\\].*\.css$/ }, async ({ path }) => {
      const { code } = await transform(shortCss(await readFile(path, "utf8")), { loader: "css", minify: true, target: "safari16" });
      return { contents: code.trim().replace(/(--[a-z]+:|,) /g, "$1"), loader: "text" };
    });
  },
};

/** A style sheet of a page beside the desk: it comes with the page's script, as a text. */
const pageSheet = {
  name: "page-sheet",
  setup(build) {
    build.onLoad({ filter: /(console[/\\]pages|uplot)[/\\].*\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: "es2022" });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** Builds in `language`: what is asked for in Spanish is there in it. */
const spoken = (language) => ({
  name: "spoken",
  setup(build) {
    build.onLoad({ filter: /visitor[/\\]spanish\.ts$/ }, async ({ path }) => ({
      contents: await readFile(path.replace("spanish", LANGUAGES[language]), "utf8"),
      loader: "ts",
    }));
  },
});

/** What goes into other people's pages is made as small as can be. One cache for all files, for they call each other's names. */
function squeezer() {
  const own = ownNames(["src/widget/main.ts", "src/widget/later.ts", "src/widget/rich.ts", "src/widget/invite.ts", "src/i18n/visitor/english.ts"]);
  const nameCache = {};
  const long = (name) => name.length > 1;
  return async (entry, options = {}) => {
    const { outputFiles } = await build({ ...common, entryPoints: [entry], minify: false, minifySyntax: true, write: false, format: "esm", external: ["./later.js", "./rich.js", "./invite.js"], ...options });
    const { code } = await minify(outputFiles[0].text, {
      module: true,
      ecma: 2022,
      nameCache,
      // Tried one by one: each of these makes the gzipped file smaller.
      compress: {
        passes: 4,
        unsafe: true,
        unsafe_arrows: true,
        unsafe_methods: true,
        pure_getters: true,
        unsafe_comps: true,
        reduce_funcs: false,
        hoist_funs: true,
      },
      // A name of one letter is short enough, and must not be given to another.
      mangle: { properties: { regex: new RegExp(`^(${own.filter(long).join("|")})$`), reserved: own.filter((name) => !long(name)), builtins: true } },
    });
    return code;
  };
}

/** Writes a file to dist/; its hash, as the server knows it. */
async function put(name, code) {
  await writeFile(`${dist}/${name}`, code);
  return createHash("sha256").update(code).digest("hex").slice(0, 12);
}

async function widget() {
  const squeeze = squeezer();
  const versions = { WORDS_VERSIONS: {}, WIDGET_VERSIONS: {} };
  /** `own`: the language that is built in, and never fetched. */
  const define = (own) => Object.fromEntries(Object.entries(versions).map(([name, value]) => [name, JSON.stringify({ ...value, [own]: undefined })]));
  for (const [language, file] of Object.entries(LANGUAGES)) {
    versions.WORDS_VERSIONS[language] = await put(`words-${language}.js`, await squeeze(`src/i18n/visitor/${file}.ts`));
  }
  for (const language of Object.keys(LANGUAGES)) {
    const code = await squeeze("src/widget/main.ts", { define: define(language), plugins: [sheet, spoken(language)] });
    versions.WIDGET_VERSIONS[language] = await put(`widget-${language}.js`, code);
  }
  // Fetched with the first need, beside the widget that asks for it.
  for (const part of ["later", "rich", "invite"]) await put(`${part}.js`, await squeeze(`src/widget/${part}.ts`));
  await build({ ...common, entryPoints: { embed: "src/loader/embed.ts" }, outdir: dist, format: "iife", define: define() });
}

async function agentConsole() {
  const { metafile } = await build({
    ...common,
    metafile: true,
    entryPoints: { console: "src/console/main.tsx" },
    outdir: `${dist}/console`,
    format: "esm",
    splitting: true,
    plugins: [pageSheet],
    chunkNames: "parts/[name]-[hash]",
  });
  let page = await readFile("src/console/index.html", "utf8");
  for (const file of ["console.js", "console.css"]) {
    const version = await put(`console/${file}`, await readFile(`${dist}/console/${file}`));
    page = page.replace(file, `${file}?v=${version}`);
  }
  // The browser need not read the script to know what it imports at once.
  const { imports } = metafile.outputs[`${dist}/console/console.js`];
  const ahead = imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path.replace(dist, ""));
  const links = ahead.map((path) => `<link rel="modulepreload" href="${path}">\n    `);
  page = page.replace("<script", `${links.join("")}<script`);
  await put("console/index.html", page);
}

async function all() {
  await cp("demo", `${dist}/demo`, { recursive: true });
  await widget();
  await agentConsole();
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
