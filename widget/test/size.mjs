// The size gate: what a browser loads, in bytes after gzip.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const size = (...files) => files.reduce((sum, file) => sum + gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length, 0);
const widget = Math.max(size("widget-es.js"), size("widget-en.js"));
const first = ["console/index.html", "console/console.js", "console/console.css"];
const limits = [
  ["loader", size("embed.js"), 1024],
  ["the widget, all of it: loader, every function, style sheet, one language", size("embed.js") + widget, 12 * 1024],
  ["the other language, where a visitor changes it", Math.max(size("words-es.js"), size("words-en.js")), 1280],
  ["console, at first load", size(...first), 60 * 1024],
];

for (const [what, bytes, most] of limits) {
  console.log(`${bytes > most ? "too large" : "size"}: ${what}: ${bytes} B after gzip, at most ${most} B`);
}
process.exit(limits.some(([, bytes, most]) => bytes > most) ? 1 : 0);
