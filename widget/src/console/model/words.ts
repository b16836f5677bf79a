// What visitors wrote themselves. The label of a button that was tapped is not theirs.

import type { AgentEvent } from "../../protocol/types";

const ownWords = ({ event }: AgentEvent): string | undefined =>
  event.kind === "seen" && event.event.kind === "visitor" && !event.event.tap ? event.event.text : undefined;

/** The first words of the session under way, as far as it is known here. */
export function firstWords(events: readonly AgentEvent[]): string | undefined {
  const begin = events.findLastIndex(({ event }) => event.kind === "seen" && event.event.kind === "session_opened");
  return events.slice(begin + 1).map(ownWords).find((text) => text !== undefined);
}

/** The last words. */
export const lastWords = (events: readonly AgentEvent[]): string | undefined =>
  events.map(ownWords).findLast((text) => text !== undefined);
