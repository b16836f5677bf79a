// The size gate: what a shop's page loads, in bytes after gzip.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const size = (file) => gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length;
const loader = size("embed.js");
const total = loader + size("widget.js");
const console_ = size("console/index.html") + size("console/console.js") + size("console/console.css");
const over = [
  [loader, 1024, "loader"],
  [total, 12 * 1024, "loader and widget"],
  [console_, 60 * 1024, "console"],
].filter(([bytes, most]) => bytes > most);

console.log(`size after gzip: loader ${loader} B, loader and widget ${total} B, console ${console_} B (most: 1024 B, 12288 B, 61440 B)`);
for (const [bytes, most, what] of over) console.error(`too large: ${what} ${bytes} B, at most ${most} B`);
process.exit(over.length === 0 ? 0 : 1);
