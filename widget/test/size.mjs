// The size gate: what a browser loads, in bytes after gzip.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const sizeOf = (file) => gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length;
const size = (name) => sizeOf(`${name}.js`);
const loader = size("embed");
const core = loader + size("widget");
const words = Math.max(size("widget-spanish"), size("widget-english"));
const limits = [
  ["loader", loader, 1024],
  ["loader, widget and one language: what a page loads to talk", core + words, 12 * 1024],
  ["the same and what comes with the first opening (menu, closing card, ticket, sound)", core + words + size("widget-more"), 17 * 1024],
  ["console, all of it", ["index.html", "console.js", "console.css"].reduce((sum, file) => sum + sizeOf(`console/${file}`), 0), 60 * 1024],
];

for (const [what, bytes, most] of limits) {
  console.log(`${bytes > most ? "too large" : "size"}: ${what}: ${bytes} B after gzip, at most ${most} B`);
}
process.exit(limits.some(([, bytes, most]) => bytes > most) ? 1 : 0);
