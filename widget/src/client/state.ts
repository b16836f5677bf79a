// From frames to what is known of the conversation. Pure: no clock, no storage, no DOM.

import type { Lang, QuestionCard, Style, VisitorEvent, VisitorToClient, WaitRange } from "../protocol/types.ts";
import type { Item } from "./outbox.ts";

export type Welcome = Extract<VisitorToClient, { type: "welcome" }>;

/** An event as it came. */
export interface Line {
  seq: number;
  at: number;
  event: VisitorEvent;
}

/** The card at the end of a session. */
export interface Closing {
  /** Its `closed` event. */
  seq: number;
  at: number;
  question?: QuestionCard;
  /** Value of the tap, once there is one. */
  value?: number;
  /** Nothing more can be answered: a line was sent, put aside, expired. */
  done: boolean;
}

/** `refused`: the server will not have us; `waiting`: cut off, the next try is planned. */
export type Connection = "idle" | "connecting" | "online" | "waiting" | "refused";

export interface State {
  connection: Connection;
  welcome: Welcome | null;
  /** Events in order; hidden ones left out. */
  lines: Line[];
  /** Last event that came; 0 before the first. */
  last: number;
  /** The next event may have any number: a fresh page follows. */
  fresh: boolean;
  /** A hole was seen: come back with `last`. */
  gap: boolean;
  lang: Lang | null;
  style: Style;
  session: "none" | "open" | "closed";
  /** The visitor waits for a person. */
  waiting: boolean;
  queue: { position: number; wait?: WaitRange } | null;
  /** The person who has it. */
  agent: string | null;
  typing: "bot" | "agent" | null;
  closing: Closing | null;
  /** Acts on their way; those that were acked stay until their event is here. */
  pending: Pending[];
}

/** An act on its way, as it is shown. */
export interface Pending extends Item {
  /** Its event, once acked. */
  seq?: number;
}

export const START: State = {
  connection: "idle",
  welcome: null,
  lines: [],
  last: 0,
  fresh: true,
  gap: false,
  lang: null,
  style: "fast",
  session: "none",
  waiting: false,
  queue: null,
  agent: null,
  typing: null,
  closing: null,
  pending: [],
};

/** What is known once `frame` has come. */
export function receive(state: State, frame: VisitorToClient): State {
  switch (frame.type) {
    case "welcome":
      return welcome(state, frame);
    case "event":
      return event(state, frame);
    case "ack":
      return settle({
        ...state,
        pending: state.pending.map((item) => (item.act.id === frame.id ? { ...item, seq: frame.seq } : item)),
      });
    case "queue": {
      const { position, wait } = frame;
      return { ...state, waiting: true, queue: wait ? { position, wait } : { position } };
    }
    case "typing":
      return { ...state, typing: frame.agent ? "agent" : "bot" };
    case "error":
      return state;
  }
}

/** The acts on their way, as the outbox has them. Acked ones that wait for their event are kept. */
export function withOutbox(state: State, items: Item[]): State {
  const here = new Set(items.map((item) => item.act.id));
  const acked = state.pending.filter((item) => item.seq !== undefined && !here.has(item.act.id));
  return settle({ ...state, pending: [...acked, ...items] });
}

function welcome(state: State, frame: Welcome): State {
  // A server that knows less than we do was set back without saying so: start afresh.
  const behind = frame.recovered && frame.seq < state.last;
  const kept = frame.recovered && !behind ? state : { ...START, pending: state.pending };
  return {
    ...kept,
    connection: "online",
    welcome: frame,
    lang: frame.lang,
    style: frame.style,
    typing: null,
    queue: null,
    fresh: !frame.recovered,
    gap: behind,
  };
}

function event(state: State, line: Line & { type: "event" }): State {
  const { seq, at, event } = line;
  if (!state.fresh) {
    if (seq <= state.last) return state;
    if (seq > state.last + 1) return { ...state, gap: true };
  }
  const next = apply({ ...state, last: seq, fresh: false }, { seq, at, event });
  return settle(event.kind === "hidden" ? next : { ...next, lines: [...state.lines, { seq, at, event }] });
}

const TALK = { waiting: false, queue: null, typing: null } as const;

function apply(state: State, { seq, at, event }: Line): State {
  switch (event.kind) {
    case "session_opened":
      return { ...state, ...TALK, session: "open", agent: null, closing: null, lang: event.lang };
    case "reopened":
      return { ...state, ...TALK, session: "open", agent: null, closing: null };
    case "bot":
      return { ...state, ...TALK, agent: null };
    case "agent":
      return { ...state, ...TALK };
    case "queued":
    case "left":
      return { ...state, ...TALK, session: "open", waiting: true, agent: null };
    case "joined":
      return { ...state, ...TALK, session: "open", agent: event.name };
    case "returned":
    case "promise":
      return { ...state, ...TALK, agent: null };
    case "closed": {
      const closing: Closing = { seq, at, done: !event.question };
      if (event.question) closing.question = event.question;
      return { ...state, ...TALK, session: "closed", agent: null, closing };
    }
    case "rated": {
      if (!state.closing) return state;
      const closing = { ...state.closing, done: event.text !== undefined || !state.closing.question?.line };
      if (event.value !== undefined) closing.value = event.value;
      return { ...state, closing };
    }
    case "rating_missed":
      return state.closing ? { ...state, closing: { ...state.closing, done: true } } : state;
    case "style":
      return { ...state, style: event.style };
    case "lang":
      return { ...state, lang: event.lang };
    case "visitor":
    case "promise_kept":
    case "promise_late":
    case "opinion":
    case "hidden":
    case "erased":
      return state;
  }
}

/** Lets go of acts whose event is here, or that made none. */
function settle(state: State): State {
  if (state.pending.length === 0) return state;
  const seen = new Set<string>();
  for (const { event } of state.lines) {
    if (event.kind === "visitor" || event.kind === "rated") seen.add(event.id);
  }
  const pending = state.pending.filter(
    (item) => !seen.has(item.act.id) && (item.seq === undefined || item.seq > state.last),
  );
  return pending.length === state.pending.length ? state : { ...state, pending };
}
