// From frames to what is known of the conversation. Pure: no clock, no storage, no DOM.

import type { Lang, QuestionCard, Style, VisitorEvent, VisitorToClient } from "../protocol/types.ts";
import type { Item } from "./outbox.ts";

type Queue = Extract<VisitorToClient, { type: "queue" }>;
type Typing = Extract<VisitorToClient, { type: "typing" }>;
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
  question: QuestionCard | undefined;
  /** Which tap, once there is one. */
  tap?: number | undefined;
  /** Nothing more can be answered: a line was sent, put aside, expired. */
  done: boolean;
}

/** An act on its way, as it is shown. */
export interface Pending extends Item {
  /** Its event, once acked. */
  seq?: number;
}

export interface State {
  /** `refused`: the server will not have us; `waiting`: cut off, the next try is planned. */
  connection: "idle" | "connecting" | "online" | "waiting" | "refused";
  welcome: Welcome | null;
  /** Events in order; hidden ones left out. */
  lines: Line[];
  /** There are earlier ones than the first of them. */
  older: boolean;
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
  queue: Queue | null;
  /** The person who has it. */
  agent: string | null;
  typing: Typing | null;
  closing: Closing | null;
  /** Acts on their way; those that were acked stay until their event is here. */
  pending: Pending[];
}

/** Nobody waits, nobody types: what every word and every change of owner means. */
const TALK = { waiting: false, queue: null, typing: null } satisfies Partial<State>;
/** The assistant has it. */
const BOT = { ...TALK, agent: null } satisfies Partial<State>;
const OPEN = { ...BOT, session: "open", closing: null } satisfies Partial<State>;

export const START: State = {
  ...BOT,
  connection: "idle",
  welcome: null,
  lines: [],
  older: false,
  last: 0,
  fresh: true,
  gap: false,
  lang: null,
  style: "fast",
  session: "none",
  closing: null,
  pending: [],
};

/** What is known once `frame` has come. */
export function receive(state: State, frame: VisitorToClient): State {
  switch (frame.type) {
    case "welcome": {
      const { recovered, seq, lang, style } = frame;
      // A server that knows less than we do was set back without saying so: start afresh.
      const gap = recovered && seq < state.last;
      const kept = recovered && !gap ? state : { ...START, pending: state.pending };
      return { ...kept, connection: "online", welcome: frame, lang, style, typing: null, queue: null, fresh: !recovered, gap };
    }
    case "event": {
      const { seq, at, event } = frame;
      if (!state.fresh && seq <= state.last) return state;
      if (!state.fresh && seq > state.last + 1) return { ...state, gap: true };
      const line = { seq, at, event };
      // A fresh page that does not begin with the first event has earlier ones before it.
      const older = state.fresh ? seq > 1 : state.older;
      return settle({ ...state, last: seq, fresh: false, lines: shown([...state.lines, line]), older, ...change(state, line) });
    }
    case "older": {
      // Asked for twice, it is here already.
      const before = frame.events.filter(({ seq }) => seq < (state.lines[0]?.seq ?? Infinity));
      return { ...state, lines: shown([...before, ...state.lines]), older: frame.older };
    }
    case "ack":
      return settle({ ...state, pending: state.pending.map((item) => (item.act.id === frame.id ? { ...item, seq: frame.seq } : item)) });
    case "queue":
      return { ...state, waiting: true, queue: frame };
    case "typing":
      return { ...state, typing: frame };
    default:
      return state;
  }
}

/** Without the events that a visitor does not see. */
const shown = (lines: Line[]) => lines.filter(({ event }) => event.kind !== "hidden");

/** The acts on their way, as the outbox has them. Acked ones that wait for their event are kept. */
export function withOutbox(state: State, items: Item[]): State {
  const acked = state.pending.filter(({ seq, act }) => seq && !items.some((item) => item.act.id === act.id));
  return settle({ ...state, pending: [...acked, ...items] });
}

/** What an event changes beside the log. */
function change({ closing }: State, { seq, at, event }: Line): Partial<State> {
  switch (event.kind) {
    case "session_opened":
      return { ...OPEN, lang: event.lang };
    case "reopened":
      return OPEN;
    case "bot":
    case "returned":
    case "left_queue":
      return BOT;
    // A person who promises something goes on talking.
    case "promise":
    case "agent":
      return TALK;
    case "queued":
    case "left":
    case "transferred":
      return { ...BOT, session: "open", waiting: true };
    case "joined":
      return { ...TALK, session: "open", agent: event.name };
    case "closed":
      return { ...BOT, session: "closed", closing: { seq, at, question: event.question, done: !event.question } };
    case "rated":
      return { closing: closing && { ...closing, tap: event.tap ?? closing.tap, done: event.text !== undefined || !closing.question?.line } };
    case "rating_missed":
      return { closing: closing && { ...closing, done: true } };
    case "style":
      return { style: event.style };
    case "lang":
      return { lang: event.lang };
    default:
      return {};
  }
}

/** Lets go of acts whose event is here, or that made none. */
function settle(state: State): State {
  const { lines, last, pending } = state;
  const here = ({ act, seq = Infinity }: Pending) => seq <= last || lines.some(({ event }) => "id" in event && event.id === act.id);
  return { ...state, pending: pending.filter((item) => !here(item)) };
}
