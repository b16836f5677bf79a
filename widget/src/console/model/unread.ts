// What waits for this agent: unread lines of their own conversations, and the queue.

import type { ConversationId, DeskItem } from "../../protocol/types";
import { type State, isMine } from "./state";

/** Lines of the visitor that the agent has not looked at. */
export function unread(state: State, item: DeskItem): number {
  const thread = state.threads[item.conversation];
  // A conversation whose page is not here yet: the desk knows at least whether the visitor waits for an answer.
  if (!thread) return item.unanswered_since === undefined ? 0 : 1;
  return thread.events.filter(({ seq, event }) => seq > thread.seen && event.kind === "seen" && event.event.kind === "visitor").length;
}

export interface Lists {
  waiting: DeskItem[];
  messages: DeskItem[];
  mine: DeskItem[];
  others: DeskItem[];
}

/** The queue pane, in the order in which it is shown and walked with J and K. */
export function lists(state: State): Lists {
  const desk = state.desk;
  const assigned = desk?.assigned ?? [];
  const mine = (item: DeskItem) => item.agent !== undefined && item.agent === state.me?.id;
  return {
    mine: assigned.filter(mine),
    waiting: desk?.waiting ?? [],
    messages: desk?.messages ?? [],
    others: assigned.filter((item) => !mine(item)),
  };
}

/** The conversation `by` places further; the first one when none is open. */
export function neighbour(state: State, by: 1 | -1): ConversationId | undefined {
  const { mine, waiting, messages, others } = lists(state);
  const order = [...new Set([...mine, ...waiting, ...messages, ...others].map((item) => item.conversation))];
  if (order.length === 0) return undefined;
  const at = state.open === undefined ? -1 : order.indexOf(state.open);
  if (at === -1) return by === 1 ? order[0] : order.at(-1);
  return order[Math.min(order.length - 1, Math.max(0, at + by))];
}

/** What the tab's title counts: own conversations with unread lines, and who waits. */
export function count(state: State): number {
  const { mine, waiting } = lists(state);
  return waiting.length + mine.filter((item) => unread(state, item) > 0).length;
}

/** Who should be taken next when nothing is open. */
export const next = (state: State): ConversationId | undefined =>
  state.open !== undefined && !isMine(state, state.open) ? state.open : state.desk?.waiting[0]?.conversation;
