// Which conversations this console follows: the one on the screen, its own, and what is offered to it.

import type { AgentToServer, ConversationId } from "../../protocol/types";
import { type State, type Step, step } from "./state";
import { lists } from "./unread";

/** Threads kept in memory beyond those that are watched, so that going back is instant. */
const KEPT = 30;

/** The server follows at most fifty for one console: whoever has more follows those that wait for a reply. */
const MOST = 40;

const wanted = (state: State): ConversationId[] => {
  const { mine, snoozed, offered } = lists(state);
  const own = [...mine, ...offered, ...snoozed].map((item) => item.conversation);
  return [...new Set(state.open ? [state.open, ...own] : own)].slice(0, MOST);
};

/** Asks for what is wanted and not watched, drops what is watched and not wanted. Does nothing while there is no connection. */
export function follow(state: State): Step {
  if (state.link !== "live") return step(state);
  const want = wanted(state);
  const send: AgentToServer[] = [
    ...state.watched.filter((conversation) => !want.includes(conversation))
      .map((conversation): AgentToServer => ({ type: "unwatch", conversation })),
    ...want.filter((conversation) => !state.watched.includes(conversation))
      .map((conversation) => watch(state, conversation)),
  ];
  return send.length === 0 ? step(state) : step(forget({ ...state, watched: want }), send);
}

/** Asks for a conversation from where we are. */
export function watch(state: State, conversation: ConversationId): AgentToServer {
  const thread = state.threads[conversation];
  return thread ? { type: "watch", conversation, after: thread.seq } : { type: "watch", conversation };
}

function forget(state: State): State {
  const idle = Object.keys(state.threads).filter((conversation) => !state.watched.includes(conversation));
  if (idle.length <= KEPT) return state;
  const gone = new Set(idle.slice(0, idle.length - KEPT));
  return { ...state, threads: Object.fromEntries(Object.entries(state.threads).filter(([id]) => !gone.has(id))) };
}
