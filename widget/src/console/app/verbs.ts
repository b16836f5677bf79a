// What an agent can do.

import type { AbuseLevel, AgentId, AgentStatus, ConversationId, ErrorCode, Outcome, Priority, Seq, TeamId, Timestamp } from "../../protocol/types";
import * as outbox from "../model/outbox";
import { isMine, mayClaim } from "../model/state";
import { itemOf, lists } from "../model/unread";
import { go } from "../route";
import { act, settled, take, typing as typingSign } from "./line";
import { dialog, focusComposer, leavingFor, mode, pane, state } from "./signals";

const fresh = (): string => crypto.randomUUID();

/** The last event that the agent can have read. */
export const lastShown = (conversation: ConversationId): Seq =>
  state.value.threads[conversation]?.seq ?? itemOf(state.value, conversation)?.seq ?? 0;

export function show(conversation: ConversationId | undefined): void {
  pane.value = conversation === undefined ? "queue" : "thread";
  go(conversation === undefined ? { page: "desk" } : { page: "desk", conversation });
}

export function claim(conversation: ConversationId): void {
  if (!mayClaim(state.value, conversation) && state.value.threads[conversation]) return;
  if (outbox.underWay(state.value, conversation, "claim")) return;
  act({ type: "claim", id: fresh(), conversation, seen: lastShown(conversation) });
  mode.value = "reply";
  show(conversation);
}

/** Lets an offer pass: it goes to the next one. */
export const decline = (conversation: ConversationId): void => act({ type: "decline", id: fresh(), conversation });

export const write = (conversation: ConversationId, as: "reply" | "note", text: string): void =>
  act(as === "reply"
    ? { type: "reply", id: fresh(), conversation, text, seen: lastShown(conversation) }
    : { type: "note", id: fresh(), conversation, text });

export const handBack = (conversation: ConversationId): void => act({ type: "return", id: fresh(), conversation });

export const putBack = (conversation: ConversationId): void => act({ type: "put_back", id: fresh(), conversation });

export const close = (conversation: ConversationId, outcome: Outcome, reason?: string): void =>
  act({ type: "close", id: fresh(), conversation, outcome, seen: lastShown(conversation), ...(reason ? { wrap_up: reason } : {}) });

/** To a team, or to a colleague of it, who is asked. */
export interface Receiver { team: TeamId; colleague?: AgentId }

export const transfer = (conversation: ConversationId, to: Receiver, note: string): void =>
  act({ type: "transfer", id: fresh(), conversation, ...to, ...(note === "" ? {} : { note }) });

export const snooze = (conversation: ConversationId, until: Timestamp): void => act({ type: "snooze", id: fresh(), conversation, until });

export const wake = (conversation: ConversationId): void => act({ type: "wake", id: fresh(), conversation });

export const prioritise = (conversation: ConversationId, priority: Priority): void => act({ type: "prioritise", id: fresh(), conversation, priority });

export const promise = (conversation: ConversationId, what: string, by: Timestamp): void => act({ type: "promise", id: fresh(), conversation, what, by });

export const keepPromise = (conversation: ConversationId, caseNumber: string): void =>
  act({ type: "keep_promise", id: fresh(), conversation, case: caseNumber });

export const movePromise = (conversation: ConversationId, caseNumber: string, by: Timestamp): void =>
  act({ type: "move_promise", id: fresh(), conversation, case: caseNumber, by });

/** Without a level what was there is lifted. */
export const flag = (conversation: ConversationId, level: AbuseLevel | undefined, reason: string): void =>
  act({ type: "flag", id: fresh(), conversation, ...(level ? { level } : {}), reason });

/** Lets `conversation` go on in `into`. `seen`: the last event read of it. Nothing comes back when it was done, else why not. */
export const merge = (conversation: ConversationId, into: ConversationId, seen: Seq): Promise<ErrorCode | undefined> =>
  settled({ type: "merge", id: fresh(), conversation, into, seen });

/** Lets it go on by itself again. */
export const unmerge = (conversation: ConversationId): Promise<ErrorCode | undefined> => settled({ type: "unmerge", id: fresh(), conversation });

export const setStatus = (status: AgentStatus): void => act({ type: "status", id: fresh(), status });

/** Going away with open conversations asks first what becomes of them. */
export function chooseStatus(status: AgentStatus): void {
  const { mine, snoozed } = lists(state.value);
  if ((status === "away" || status === "offline") && mine.length + snoozed.length > 0) {
    leavingFor.value = status;
    dialog.value = "leave";
  } else {
    setStatus(status);
  }
}

export const sendAgain = (id: string): void => take(outbox.retry(state.value, id, fresh()));

export const discard = (id: string): void => {
  state.value = outbox.drop(state.value, id);
};

/** The agent is writing to the visitor. */
export function typing(conversation: ConversationId): void {
  if (isMine(state.value, conversation)) typingSign(conversation);
}

/** Puts the focus into the composer. `put`: a text to go on from. */
export const compose = (as: "reply" | "note", put?: string): void => {
  mode.value = as;
  pane.value = "thread";
  focusComposer.value = put === undefined ? { n: focusComposer.value.n + 1 } : { n: focusComposer.value.n + 1, put };
};
