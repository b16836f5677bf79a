// Golden frames, shared with the Rust side.

import { readFileSync } from "node:fs";
import type { VisitorToClient, VisitorToServer } from "../src/protocol/types.ts";

export type Golden = { side: "visitor" } & ({ dir: "in"; frame: VisitorToServer } | { dir: "out"; frame: VisitorToClient });

/** The frames of `tests/frames/<name>.json`; npm runs tests in widget/. */
export function golden(name: string): Golden[] {
  return JSON.parse(readFileSync(`../tests/frames/${name}.json`, "utf8")) as Golden[];
}

/** What the visitor's client receives in it. */
export function received(name: string): VisitorToClient[] {
  return golden(name).flatMap(({ dir, frame }) => (dir === "out" ? [frame] : []));
}
