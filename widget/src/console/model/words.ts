// What visitors wrote themselves. The label of a button that was tapped is not theirs.

import type { AgentEvent } from "../../protocol/types";

const ownWords = ({ event }: AgentEvent): string | undefined =>
  event.kind === "seen" && event.event.kind === "visitor" && !event.event.tap ? event.event.text : undefined;

/** The first words of the session under way, as far as it is known here. */
export function firstWords(events: readonly AgentEvent[]): string | undefined {
  const begin = events.findLastIndex(({ event }) => event.kind === "seen" && event.event.kind === "session_opened");
  for (let at = begin + 1; at < events.length; at += 1) {
    const words = ownWords(events[at] as AgentEvent);
    if (words !== undefined) return words;
  }
  return undefined;
}

/** The last words. */
export function lastWords(events: readonly AgentEvent[]): string | undefined {
  const last = events.findLast((event) => ownWords(event) !== undefined);
  return last && ownWords(last);
}
