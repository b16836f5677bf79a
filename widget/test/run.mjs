// Bundles every test file with esbuild (Node 20 reads no TypeScript) and runs them with Node's own runner.
import { spawnSync } from "node:child_process";
import { mkdir, readdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const out = "node_modules/.cache/ventanilla-tests";
const folders = ["test", "test/console"];

const files = [];
for (const folder of folders) {
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.endsWith(".test.ts") || name.endsWith(".test.tsx")) files.push(`${folder}/${name}`);
  }
}
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  entryPoints: files,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  outdir: out,
  outbase: "test",
  outExtension: { ".js": ".mjs" },
  sourcemap: "inline",
  logLevel: "warning",
});
const built = files.map((file) => `${out}/${file.replace(/^test\//, "").replace(/\.tsx?$/, ".mjs")}`);
const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...built], { stdio: "inherit" });
process.exit(run.status ?? 1);
