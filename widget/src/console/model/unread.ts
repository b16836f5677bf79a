// What waits for this agent: offers, unread lines of their own conversations, and the queue.

import type { AgentEvent, ConversationId, DeskItem, TeamId } from "../../protocol/types";
import { names } from "./mention";
import { type State, isMine, isOffered, mayClaim } from "./state";

/** Lines of the visitor, and notes that name the agent, that the agent has not looked at. */
export function unread(state: State, item: DeskItem): number {
  const thread = state.threads[item.conversation];
  // A conversation whose page is not here yet: the desk knows at least whether the visitor waits for an answer.
  if (!thread) return item.unanswered_since === undefined ? 0 : 1;
  let fresh = 0;
  for (let at = thread.events.length - 1; at >= 0; at -= 1) {
    const line = thread.events[at];
    if (!line || line.seq <= thread.seen) break;
    const { event } = line;
    if (event.kind === "seen" && (event.event.kind === "visitor" || (event.event.kind === "file" && event.event.from === undefined))) fresh += 1;
    else if (event.kind === "note" && state.me && names(event.text, state.me.name)) fresh += 1;
  }
  return fresh;
}

/** Whether it was put aside, its time came, and the agent has not looked at it since. Taken up before its time it calls for nobody. */
export function isBack(state: State, item: DeskItem): boolean {
  const thread = state.threads[item.conversation];
  const woken = thread?.events.findLast(({ event }) => event.kind === "woken");
  return thread !== undefined && woken !== undefined && woken.seq > thread.seen && inTime(thread.events, woken);
}

/** Whether what was put aside was taken up again because its time had come; where that is not known, not. */
export function inTime(events: readonly AgentEvent[], woken: AgentEvent): boolean {
  const aside = events.findLast(({ seq, event }) => event.kind === "snoozed" && seq < woken.seq)?.event;
  return aside?.kind === "snoozed" && woken.at >= aside.until;
}

export interface Lists {
  /** Offered to this agent. */
  offered: DeskItem[];
  /** In their hands, whoever waits longest for a reply first. */
  mine: DeskItem[];
  /** Who waits, also those offered to somebody else. */
  waiting: DeskItem[];
  /** Answers that are owed, soonest first. */
  messages: DeskItem[];
  /** Put aside, soonest first. */
  snoozed: DeskItem[];
  others: DeskItem[];
}

const none: readonly DeskItem[] = [];

/** The queue pane, in the order in which it is shown and walked with J and K. `team`: of others only what is of this team. */
export function lists(state: State, team?: TeamId): Lists {
  const { desk, me } = state;
  const assigned = desk?.assigned ?? none;
  const waiting = desk?.waiting ?? none;
  const own = (item: DeskItem) => item.agent !== undefined && item.agent === me?.id;
  const ofTeam = (item: DeskItem) => team === undefined || item.team === team;
  const last = Number.MAX_SAFE_INTEGER;
  return {
    offered: waiting.filter((item) => isOffered(item) && own(item)),
    mine: assigned.filter((item) => own(item) && item.snoozed_until === undefined)
      .sort((a, b) => (a.unanswered_since ?? last) - (b.unanswered_since ?? last)),
    waiting: waiting.filter((item) => !(isOffered(item) && own(item)) && ofTeam(item)),
    messages: (desk?.messages ?? none).filter(ofTeam),
    snoozed: assigned.filter((item) => own(item) && item.snoozed_until !== undefined)
      .sort((a, b) => (a.snoozed_until ?? last) - (b.snoozed_until ?? last)),
    others: assigned.filter((item) => !own(item) && ofTeam(item)),
  };
}

/** All of them, in that order, each once. */
export const inOrder = ({ offered, mine, waiting, messages, snoozed, others }: Lists): DeskItem[] =>
  [...new Map([...offered, ...mine, ...waiting, ...messages, ...snoozed, ...others].map((item) => [item.conversation, item])).values()];

/** The conversation `by` places further; the first one when none is open. */
export function neighbour(state: State, by: 1 | -1, team?: TeamId): ConversationId | undefined {
  const order = inOrder(lists(state, team)).map((item) => item.conversation);
  if (order.length === 0) return undefined;
  const at = state.open === undefined ? -1 : order.indexOf(state.open);
  if (at === -1) return by === 1 ? order[0] : order.at(-1);
  return order[Math.min(order.length - 1, Math.max(0, at + by))];
}

/** What the tab's title counts: own conversations with unread lines, offers, and who waits. */
export function count(state: State): number {
  const { offered, mine, snoozed, waiting } = lists(state);
  return offered.length + waiting.length + [...mine, ...snoozed].filter((item) => unread(state, item) > 0 || isBack(state, item)).length;
}

/** What calls for this agent and has not been looked at: offers, and replies in their own conversations. It is heard again until it is. */
export function unseen(state: State): ConversationId[] {
  const { offered, mine, snoozed } = lists(state);
  return [...offered, ...[...mine, ...snoozed].filter((item) => unread(state, item) > 0)].map((item) => item.conversation);
}

/** Who should be taken next: what is offered; else the one on the screen; else who waits longest. */
export function next(state: State): ConversationId | undefined {
  const { offered, waiting } = lists(state);
  if (state.open !== undefined && !isMine(state, state.open) && mayClaim(state, state.open)) return state.open;
  return (offered[0] ?? waiting.find((item) => !isOffered(item)))?.conversation;
}

/** The item of a conversation, wherever it stands on the desk. */
export const itemOf = ({ desk }: State, conversation: ConversationId): DeskItem | undefined =>
  [desk?.waiting, desk?.assigned, desk?.messages].flatMap((items) => items ?? none).find((item) => item.conversation === conversation);
