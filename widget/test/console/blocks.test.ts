import assert from "node:assert/strict";
import { test } from "node:test";
import { blocks } from "../../src/console/model/blocks";
import type { AgentEvent } from "../../src/protocol/types";

const line = (seq: number): AgentEvent => ({ seq, at: seq, event: { kind: "call", call: "x" } });
const lines = (from: number, to: number): AgentEvent[] => Array.from({ length: to - from + 1 }, (_, n) => line(from + n));

test("a line at the end makes one block new, earlier ones make the first new, and none is lost", () => {
  const page = lines(120, 260);
  const first = blocks(page, []);
  assert.deepEqual(first.flatMap(({ events }) => events), page);
  const longer = [...page, line(261)];
  const next = blocks(longer, first);
  assert.deepEqual(next.map((block, at) => block === first[at]), [true, true, true, false]);
  const whole = [...lines(20, 119), ...longer];
  const all = blocks(whole, next);
  assert.deepEqual(all.flatMap(({ events }) => events), whole);
  assert.equal(all.filter((block) => next.includes(block)).length, 3, "only the block that was cut, and those before it");
  assert.equal(all[1]?.before, whole[29], "who spoke before is known across the cut");
  assert.deepEqual(blocks([], all), []);
});
