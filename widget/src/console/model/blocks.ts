// A long thread cut into blocks that stay the same while lines come at its end or before its beginning: only a block that changed is drawn anew.

import type { AgentEvent } from "../../protocol/types";

/** Numbers a block spans. */
const SPAN = 50;

export interface Block {
  key: number;
  events: readonly AgentEvent[];
  /** The line before the first. */
  before: AgentEvent | undefined;
}

const keyOf = ({ seq }: AgentEvent): number => Math.floor(seq / SPAN);

/** The blocks of a thread; those of `known` that did not change are the same objects. Events never change, so their ends tell. */
export function blocks(events: readonly AgentEvent[], known: readonly Block[]): Block[] {
  const byKey = new Map(known.map((block) => [block.key, block]));
  const made: Block[] = [];
  for (let from = 0, to = 0; from < events.length; from = to) {
    const first = events[from] as AgentEvent;
    const key = keyOf(first);
    while (to < events.length && keyOf(events[to] as AgentEvent) === key) to += 1;
    const old = byKey.get(key);
    const before = events[from - 1];
    const same = old && old.events.length === to - from && old.before === before && old.events[0] === first && old.events.at(-1) === events[to - 1];
    made.push(same ? old : { key, events: events.slice(from, to), before });
  }
  return made;
}
