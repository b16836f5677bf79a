// The gate of the short names: what others know by name must not be among them. A name that slips through would break the wire, a page or
// what is kept on the device, and only in the built file.
import { readFileSync } from "node:fs";
import { ownNames } from "../build/names.mjs";

const wire = readFileSync("src/protocol/types.ts", "utf8").replace(/\/\*[^]*?\*\//g, "").match(/\b\w+(?=\??:)/g);
const page = "site server lang stage touchpoint style phone mail theme open close toggle identify user update shutdown destroy q ready Ventanilla count code detail";
const device = "act label failed token epoch muted forget";
const browser = "onopen onmessage onclose getItem setItem removeItem signal mode hour minute weekday day month numeric unit capture method body headers authorization url message";
const known = new Set([...wire, ...[page, device, browser].join(" ").split(" ")]);

const own = ownNames(["src/widget/main.ts", "src/i18n/visitor/english.ts"]);
const wrong = own.filter((name) => known.has(name));
console.log(wrong.length > 0 ? `must keep their names: ${wrong.join(", ")}` : `names: ${own.length} are ours alone`);
process.exit(wrong.length > 0 || own.length === 0 ? 1 : 0);
