// The size gate: what a browser loads, in bytes after gzip.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

const size = (...files) => files.reduce((sum, file) => sum + gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length, 0);
const widget = Math.max(size("widget-es.js"), size("widget-en.js"));
/** A script of the console and what it imports at once; what it imports later is `import(…)`. */
const withImports = (file, seen = new Set()) => {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path] of readFileSync(`dist/${file}`, "utf8").matchAll(/(?:from|import)"(\.[^"]+)"/g)) withImports(join(dirname(file), path), seen);
  return seen;
};
const first = ["console/index.html", "console/console.css", ...withImports("console/console.js")];
const limits = [
  ["loader", size("embed.js"), 1024],
  ["the widget, at first load: loader, functions, style sheet, one language", size("embed.js") + widget, 12 * 1024],
  ["what the widget fetches with the first need of it", size("later.js"), 2 * 1024],
  ["what it fetches with the first picture, card, video, file or place", size("rich.js"), 2 * 1024],
  ["the proactive message, on pages that want one", size("invite.js"), 1536],
  ["the other language, where a visitor changes it", Math.max(size("words-es.js"), size("words-en.js")), 1280],
  ["console, at first load", size(...first), 60 * 1024],
];

for (const [what, bytes, most] of limits) {
  console.log(`${bytes > most ? "too large" : "size"}: ${what}: ${bytes} B after gzip, at most ${most} B`);
}
process.exit(limits.some(([, bytes, most]) => bytes > most) ? 1 : 0);
