// The size gate: what a shop's page loads, in bytes after gzip.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const size = (file) => gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length;
const loader = size("embed.js");
const total = loader + size("widget.js");
const over = [
  [loader, 1024, "loader"],
  [total, 12 * 1024, "loader and widget"],
].filter(([bytes, most]) => bytes > most);

console.log(`size after gzip: loader ${loader} B, loader and widget ${total} B (most: 1024 B, 12288 B)`);
for (const [bytes, most, what] of over) console.error(`too large: ${what} ${bytes} B, at most ${most} B`);
process.exit(over.length === 0 ? 0 : 1);
