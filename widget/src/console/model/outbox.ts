// The agent's acts on their way: each has an id, goes out in order, and is sent again after a break until it is acked or refused.
// Within a conversation only one is under way at a time, so that a refusal "later" cannot turn two lines around.

import type { AgentEvent, ConversationId, ErrorCode } from "../../protocol/types";
import { type Act, type ActFrame, type State, type Step, step } from "./state";

/** Where an act happens: its conversation, or the agent's own status. */
const lane = (frame: ActFrame): string => ("conversation" in frame ? frame.conversation : "");

const isLine = (frame: ActFrame): boolean => frame.type === "reply" || frame.type === "note";

/** The agent does something. */
export function act(state: State, frame: ActFrame, now: number): Step {
  const fresh: Act = { id: frame.id, frame, at: now, step: "waiting", tries: 0 };
  const passed = frame.type === "decline" ? [...state.passed, frame.conversation] : state.passed;
  return flush({ ...state, passed, outbox: [...state.outbox, fresh] });
}

/** Sends what may go now: the first waiting act of each lane in which none is under way. */
export function flush(state: State): Step {
  if (state.link !== "live") return step(state);
  const busy = new Set(state.outbox.filter((act) => act.step === "sent").map((act) => lane(act.frame)));
  const go = new Set<string>();
  for (const act of state.outbox) {
    if (act.step !== "waiting" || busy.has(lane(act.frame))) continue;
    busy.add(lane(act.frame));
    go.add(act.id);
  }
  if (go.size === 0) return step(state);
  const outbox = state.outbox.map((act): Act => (go.has(act.id) ? { ...act, step: "sent", tries: act.tries + 1 } : act));
  return step({ ...state, outbox }, outbox.filter((act) => go.has(act.id)).map((act) => act.frame));
}

/** The connection is gone: what was under way has to be sent again. */
export const unsent = (state: State): State => ({
  ...state,
  outbox: state.outbox.map((act): Act => (act.step === "sent" ? { ...act, step: "waiting" } : act)),
});

/** The store has it. A line stays until its event is on the screen, so that it never blinks away. */
export function acked(state: State, id: string): Step {
  const act = state.outbox.find((act) => act.id === id);
  if (!act) return step(state);
  const shown = isLine(act.frame) && !holds(state, act) && state.watched.includes(lane(act.frame));
  return flush(shown ? change(state, id, (act) => ({ ...act, step: "stored" })) : drop(state, id));
}

/** The event of a line is here: the line on its way is no longer needed, acked or not. What waited behind it may go then: `flush`. */
export function arrived(state: State, conversation: ConversationId, events: readonly AgentEvent[]): State {
  const ids = new Set(events.map(idOf).filter((id) => id !== undefined));
  const outbox = state.outbox.filter((act) => !(lane(act.frame) === conversation && ids.has(act.id)));
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}

/** What the server refused. */
export function refused(state: State, id: string, code: ErrorCode, retry: boolean): Step {
  const act = state.outbox.find((act) => act.id === id);
  if (!act) return step(state);
  if (retry) {
    return step(change(state, id, (act) => ({ ...act, step: "waiting", code })), [], [{ kind: "send_again", id }]);
  }
  // An act that was sent before a break may have been carried out then: its second copy finds the work done.
  const done = act.tries > 1 && !isLine(act.frame) && (code === "closed" || code === "not_owner" || code === "not_queued");
  if (done) return flush(drop(state, id));
  const left = isLine(act.frame) ? change(state, id, (act) => ({ ...act, step: "failed", code })) : drop(state, id);
  const after = flush(left);
  return step(after.state, after.send, [{ kind: "refused", frame: act.frame, code }, ...after.notices]);
}

/** The agent tries a failed line once more, as a new act: a refused id may have been used up. */
export function retry(state: State, id: string, fresh: string): Step {
  return flush(change(state, id, (act): Act => {
    const { code: _, ...rest } = act;
    return { ...rest, id: fresh, frame: { ...act.frame, id: fresh }, step: "waiting", tries: 0 };
  }));
}

/** The agent gives a line up. */
export const drop = (state: State, id: string): State => ({ ...state, outbox: state.outbox.filter((act) => act.id !== id) });

/** Lines of a conversation that are not events yet, in order. */
export const pending = (state: State, conversation: ConversationId): Act[] =>
  state.outbox.filter((act) => isLine(act.frame) && lane(act.frame) === conversation && !holds(state, act));

/** Whether an act of this type is under way there: its button waits. */
export const underWay = (state: State, conversation: ConversationId, type: ActFrame["type"]): boolean =>
  state.outbox.some((act) => act.frame.type === type && lane(act.frame) === conversation && act.step !== "failed");

const holds = (state: State, act: Act): boolean =>
  state.threads[lane(act.frame)]?.events.some((event) => idOf(event) === act.id) === true;

const idOf = ({ event }: AgentEvent): string | undefined =>
  event.kind === "agent" || event.kind === "note" ? event.id : undefined;

const change = (state: State, id: string, with_: (act: Act) => Act): State => ({
  ...state,
  outbox: state.outbox.map((act) => (act.id === id ? with_(act) : act)),
});
