// What the console knows, as one immutable value. No DOM, no network, no clock: these come in from outside.

import type {
  AgentEvent, AgentId, AgentStatus, AgentToServer, Card, ConversationId, DeskItem, DeskView, ErrorCode, Person, Seq,
} from "../../protocol/types";

/** Frames that carry an id of their own, are acked, and are sent again after a break. */
export type ActFrame = Extract<AgentToServer, { id: string }>;

/** One act of the agent on its way to the store. */
export interface Act {
  id: string;
  frame: ActFrame;
  /** When the agent did it. */
  at: number;
  /**
   * `waiting`: not sent on this connection. `sent`: no answer yet. `stored`: acked, its event is still to come.
   * `failed`: refused; kept so that no line is lost.
   */
  step: "waiting" | "sent" | "stored" | "failed";
  /** How often it was sent. */
  tries: number;
  /** Why it was refused. */
  code?: ErrorCode;
}

/** A conversation as far as it is known here. */
export interface Thread {
  /** Last event held; the next one is `seq + 1`. */
  seq: Seq;
  card: Card;
  events: AgentEvent[];
  /** The page began after the conversation did. */
  older: boolean;
  /** Last event that the agent has looked at. */
  seen: Seq;
  /** Missing events were asked for from here. */
  asked?: Seq;
  /** Somebody is writing: a colleague's name, or nobody's when it is the visitor; forgotten after `until`. */
  typing?: { name?: string; until: number };
}

export type Link = "connecting" | "live" | "lost";

export interface State {
  link: Link;
  me?: Person;
  status: AgentStatus;
  /** Identity of the store's history; with another one everything held is void. */
  epoch?: string;
  /** Nothing before the first welcome. */
  desk?: DeskView;
  threads: Readonly<Record<ConversationId, Thread>>;
  /** What this connection was asked to watch. */
  watched: readonly ConversationId[];
  /** The conversation on the screen. */
  open?: ConversationId;
  /** The agent is looking at it now: window visible, thread shown. */
  looking: boolean;
  outbox: readonly Act[];
  /** Offers that the agent let pass, until the desk shows it. */
  passed: readonly ConversationId[];
}

/** Something that the agent should hear, see pass by, or that the shell should do. */
export type Notice =
  | { kind: "sound"; what: "queued" | "offered" | "assigned" | "reply"; conversation: ConversationId }
  | { kind: "taken"; conversation: ConversationId; name: string }
  /** An offer ran out before it was answered. */
  | { kind: "missed"; conversation: ConversationId }
  /** It was put aside until now. */
  | { kind: "back"; conversation: ConversationId }
  /** What was promised there is due soon. */
  | { kind: "promise_due"; conversation: ConversationId }
  /** A note names this agent. */
  | { kind: "mention"; conversation: ConversationId; name: string }
  | { kind: "refused"; frame: ActFrame; code: ErrorCode }
  | { kind: "error"; code: ErrorCode }
  | { kind: "send_again"; id: string }
  | { kind: "reset" };

/** A new state, the frames to send, and what to tell the agent. */
export interface Step {
  state: State;
  send: AgentToServer[];
  notices: Notice[];
}

export const start: State = {
  link: "connecting",
  status: "offline",
  threads: {},
  watched: [],
  looking: false,
  outbox: [],
  passed: [],
};

export const step = (state: State, send: AgentToServer[] = [], notices: Notice[] = []): Step => ({ state, send, notices });

/** Runs `next` on what `before` left, and keeps what both want done. */
export function then(before: Step, next: (state: State) => Step): Step {
  const after = next(before.state);
  return step(after.state, [...before.send, ...after.send], [...before.notices, ...after.notices]);
}

export function withThread(state: State, conversation: ConversationId, change: (thread: Thread) => Thread): State {
  const thread = state.threads[conversation];
  return thread ? { ...state, threads: { ...state.threads, [conversation]: change(thread) } } : state;
}

/** Who has a conversation. The desk is the freshest witness, the card the second. */
export interface Place {
  state: "bot" | "queued" | "offered" | "assigned" | "snoozed" | "closed" | "unknown";
  /** Who has it, or to whom it is offered. */
  agent?: AgentId | undefined;
  name?: string | undefined;
}

/** Whether somebody is being asked to take it. */
export const isOffered = (item: DeskItem): boolean => item.offered_until !== undefined;

/** Whether what is owed there is the review of a block: it is decided, not answered. */
export const isReview = (item: DeskItem): boolean => item.promise?.kind === "appeal";

export function placeOf(state: State, conversation: ConversationId): Place {
  const { desk } = state;
  const assigned = desk?.assigned.find((item) => item.conversation === conversation);
  if (assigned) return { state: assigned.snoozed_until === undefined ? "assigned" : "snoozed", agent: assigned.agent, name: assigned.agent_name };
  const waiting = desk?.waiting.find((item) => item.conversation === conversation);
  if (waiting) return isOffered(waiting) ? { state: "offered", agent: waiting.agent, name: waiting.agent_name } : { state: "queued" };
  const card = state.threads[conversation]?.card;
  switch (card?.state) {
    case "assigned": case "snoozed": case "offered": return { state: card.state, agent: card.agent, name: card.agent_name };
    case "bot": case "queued": case "closed": return { state: card.state };
    default: return { state: "unknown" };
  }
}

const isMe = (state: State, agent: AgentId | undefined): boolean => agent !== undefined && agent === state.me?.id;

/** In this agent's hands, also put aside. */
export const isMine = (state: State, conversation: ConversationId): boolean => {
  const place = placeOf(state, conversation);
  return (place.state === "assigned" || place.state === "snoozed") && isMe(state, place.agent);
};

/** Whether this agent may take it now. What is offered to a colleague is theirs to take. */
export function mayClaim(state: State, conversation: ConversationId): boolean {
  const place = placeOf(state, conversation);
  switch (place.state) {
    case "queued": case "bot": return true;
    case "offered": return isMe(state, place.agent);
    case "closed": return owed(state, conversation);
    case "assigned": case "snoozed": case "unknown": return false;
  }
}

/** Whether an answer is owed there. */
export const owed = (state: State, conversation: ConversationId): boolean =>
  state.desk?.messages.some((item) => item.conversation === conversation && !isReview(item)) === true
  || (state.threads[conversation]?.card.promises.some(({ kind }) => kind !== "appeal") ?? false);
