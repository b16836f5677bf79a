// From a frame of the server to a new state. A hole in the numbers is never bridged: what is missing is asked for.

import type { AgentEvent, AgentToClient, Card, ConversationId, DeskView, ErrorCode } from "../../protocol/types";
import { acked, arrived, flush, refused, unsent } from "./outbox";
import { names } from "./mention";
import { share } from "./share";
import { type Notice, type State, type Step, type Thread, isMine, isOffered, step, then, withThread } from "./state";
import { inTime } from "./unread";
import { follow, watch } from "./watch";

/** A typing sign is forgotten after this long, in milliseconds. */
export const TYPING_MS = 6_000;

export function receive(state: State, frame: AgentToClient, now: number): Step {
  switch (frame.type) {
    case "welcome": {
      const fresh: State = {
        ...unsent(state),
        link: "live", me: frame.me, status: frame.status, epoch: frame.epoch, watched: [],
        threads: state.epoch === undefined || state.epoch === frame.epoch ? state.threads : {},
      };
      const reset: Notice[] = state.epoch !== undefined && state.epoch !== frame.epoch ? [{ kind: "reset" }] : [];
      return then(then(step(fresh, [], reset), (state) => sit(state, frame.desk)), flush);
    }
    case "desk":
      return sit(state, frame.desk);
    case "page": {
      const known = state.threads[frame.conversation];
      const thread: Thread = {
        seq: frame.seq, card: frame.card, events: frame.events, older: frame.older,
        seen: known ? known.seen : lastSaidByUs(frame.events),
      };
      const threads = { ...state.threads, [frame.conversation]: thread };
      return flush(look(arrived({ ...state, threads }, frame.conversation, frame.events)));
    }
    case "older":
      return step(withThread(state, frame.conversation, (thread) => {
        const first = thread.events[0]?.seq ?? Infinity;
        return { ...thread, events: [...frame.events.filter(({ seq }) => seq < first), ...thread.events], older: frame.older };
      }));
    case "event":
      return happen(state, frame.conversation, frame.event);
    case "card":
      return step(withThread(state, frame.conversation, (thread) => ({ ...thread, card: frame.card })));
    case "ack":
      return acked(status(state, frame.id), frame.id);
    case "error":
      if (frame.id === undefined) return step(state, [], [{ kind: "error", code: frame.code }]);
      return fail(state, frame.id, frame.code, frame.retry);
    case "mentioned":
      return step(state, [], [{ kind: "mention", conversation: frame.conversation, name: frame.name }]);
    case "typing":
      return step(withThread(state, frame.conversation, (thread) => ({
        ...thread,
        typing: frame.name === undefined ? { until: now + TYPING_MS } : { name: frame.name, until: now + TYPING_MS },
      })));
  }
}

/** Opens a conversation on the screen, or none. */
export const open = (state: State, conversation: ConversationId | undefined): Step => {
  const { open: _, ...rest } = state;
  return follow(look(conversation === undefined ? rest : { ...rest, open: conversation }));
};

/** The agent looks at the thread, or away. */
export const attend = (state: State, looking: boolean): State =>
  state.looking === looking ? state : look({ ...state, looking });

/** The connection is gone. */
export const lost = (state: State): State => ({ ...unsent(state), link: "lost", watched: [] });

/** What is on the screen has been seen. */
function look(state: State): State {
  const thread = state.open === undefined ? undefined : state.threads[state.open];
  if (!state.looking || state.open === undefined || !thread || thread.seen === thread.seq) return state;
  return withThread(state, state.open, (thread) => ({ ...thread, seen: thread.seq }));
}

/** A new picture of the desk. */
function sit(state: State, desk: DeskView): Step {
  const view = share(state.desk, desk);
  const asked = new Set(offersIn(state, view));
  const passed = state.passed.filter((conversation) => asked.has(conversation));
  return followed({ ...state, desk: view, passed }, state.desk ? changes(state, state.desk, view) : offers(state, view));
}

const followed = (state: State, notices: Notice[]): Step => {
  const after = follow(state);
  return step(after.state, after.send, [...notices, ...after.notices]);
};

/** What is offered to this agent. */
const offersIn = (state: State, desk: DeskView): ConversationId[] =>
  desk.waiting.filter((item) => isOffered(item) && item.agent === state.me?.id).map((item) => item.conversation);

/** An offer is heard even when the page has just opened: it will not stand for long. */
const offers = (state: State, desk: DeskView): Notice[] =>
  offersIn(state, desk).map((conversation) => ({ kind: "sound", what: "offered", conversation }));

/** What changed on the desk that the agent should notice. */
function changes(state: State, before: DeskView, after: DeskView): Notice[] {
  const me = state.me?.id;
  const waited = new Set(before.waiting.map((item) => item.conversation));
  const free = new Set(before.waiting.filter((item) => !isOffered(item)).map((item) => item.conversation));
  const had = new Map(before.assigned.map((item) => [item.conversation, item.agent]));
  const claimed = new Set(state.outbox.flatMap(({ frame }) => (frame.type === "claim" ? [frame.conversation] : [])));
  const asked = new Set(offersIn(state, before));
  const offered = offersIn(state, after).filter((conversation) => !asked.has(conversation))
    .map((conversation): Notice => ({ kind: "sound", what: "offered", conversation }));
  const queued = after.waiting
    .filter((item) => !waited.has(item.conversation) && had.get(item.conversation) !== me && !isOffered(item))
    .map(({ conversation }): Notice => ({ kind: "sound", what: "queued", conversation }));
  const missed = after.waiting
    .filter((item) => asked.has(item.conversation) && !(isOffered(item) && item.agent === me)
      && !claimed.has(item.conversation) && !state.passed.includes(item.conversation))
    .map(({ conversation }): Notice => ({ kind: "missed", conversation }));
  const taken = after.assigned.flatMap((item): Notice[] => {
    const { conversation } = item;
    if (had.get(conversation) === item.agent) return [];
    if (item.agent === me) return waited.has(conversation) || claimed.has(conversation) || state.open === conversation
      ? [] : [{ kind: "sound", what: "assigned", conversation }];
    // That a colleague accepted what was offered to them surprises nobody.
    return free.has(conversation) || state.open === conversation || asked.has(conversation) || had.get(conversation) === me || claimed.has(conversation)
      ? [{ kind: "taken", conversation, name: item.agent_name ?? "" }] : [];
  });
  return [...offered, ...queued, ...missed, ...taken];
}

/** One event of a watched conversation. */
function happen(state: State, conversation: ConversationId, event: AgentEvent): Step {
  const thread = state.threads[conversation];
  if (!thread || event.seq <= thread.seq) return step(state);
  if (event.seq > thread.seq + 1) {
    // Asked once from here: the answer fills the hole and moves `seq` on.
    if (thread.asked === thread.seq) return step(state);
    return step(withThread(state, conversation, (thread) => ({ ...thread, asked: thread.seq })), [watch(state, conversation)]);
  }
  const visitor = event.event.kind === "seen" && event.event.event.kind === "visitor";
  const next = withThread(state, conversation, (thread) => {
    const { typing, ...rest } = thread;
    const silent = visitor || event.event.kind === "agent";
    return {
      ...rest, ...(typing && !silent ? { typing } : {}),
      seq: event.seq, events: [...thread.events, event], card: owner(thread.card, event),
    };
  });
  const heard = isMine(state, conversation) || state.open === conversation ? hear(state, conversation, event) : [];
  return then(step(look(arrived(next, conversation, [event])), [], heard), flush);
}

/** What of an event the agent should notice. */
function hear(state: State, conversation: ConversationId, { seq, event, at }: AgentEvent): Notice[] {
  const looking = state.looking && state.open === conversation;
  const me = state.me?.name ?? "";
  switch (event.kind) {
    case "seen":
      return (event.event.kind === "visitor" || event.event.kind === "file") && isMine(state, conversation) && !looking
        ? [{ kind: "sound", what: "reply", conversation }] : [];
    // Taken up again before its time it calls for nobody: the agent did that, or the visitor wrote.
    case "woken": return isMine(state, conversation) && inTime(state.threads[conversation]?.events ?? [], { seq, event, at }) ? [{ kind: "back", conversation }] : [];
    case "promise_warned": return isMine(state, conversation) ? [{ kind: "promise_due", conversation }] : [];
    case "note": return event.name !== me && names(event.text, me) ? [{ kind: "mention", conversation, name: event.name }] : [];
    default: return [];
  }
}

/** A resumed thread gets events without a card: who has it follows from them until the next card comes. */
function owner(card: Card, { event }: AgentEvent): Card {
  const { agent: _, agent_name: __, ...rest } = card;
  switch (event.kind === "seen" ? event.event.kind : event.kind) {
    case "queued": case "left": case "transferred": case "offer_ended": return { ...rest, state: "queued" };
    case "offered": return { ...rest, state: "offered" };
    case "snoozed": return { ...card, state: "snoozed" };
    case "woken": return { ...card, state: "assigned" };
    case "returned": case "reopened": case "session_opened": case "left_queue": return { ...rest, state: "bot" };
    case "closed": case "merged_into": return { ...rest, state: "closed" };
    default: return card;
  }
}

/** One's own status is set when the server has said so. */
function status(state: State, id: string): State {
  const act = state.outbox.find((act) => act.id === id);
  return act?.frame.type === "status" ? { ...state, status: act.frame.status } : state;
}

/** An act was refused. One on a picture that the store does not share: forget the picture and read it anew. */
function fail(state: State, id: string, code: ErrorCode, retry: boolean): Step {
  const act = state.outbox.find((act) => act.id === id);
  const after = refused(state, id, code, retry);
  if (code !== "stale" || !act || !("conversation" in act.frame)) return after;
  // The other one has changed: the card beside which it stands is read anew.
  if (act.frame.type === "merge") return step(after.state, [...after.send, watch(after.state, act.frame.into)], after.notices);
  const { [act.frame.conversation]: _, ...threads } = after.state.threads;
  return step({ ...after.state, threads }, [...after.send, { type: "watch", conversation: act.frame.conversation }], after.notices);
}

/** In a conversation that is new here, what came after our last word is unread. */
function lastSaidByUs(events: readonly AgentEvent[]): number {
  const said = events.filter(({ event }) => event.kind === "agent").at(-1);
  return said?.seq ?? 0;
}
