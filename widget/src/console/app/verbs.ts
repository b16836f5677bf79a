// What an agent can do.

import type { AgentStatus, ConversationId, Outcome, Seq } from "../../protocol/types";
import * as outbox from "../model/outbox";
import { isMine, mayClaim } from "../model/state";
import { lists } from "../model/unread";
import { go } from "../route";
import { act, take, typing as typingSign } from "./line";
import { dialog, focusComposer, leavingFor, mode, pane, state } from "./signals";

const fresh = (): string => crypto.randomUUID();

/** The last event that the agent can have read. */
const lastShown = (conversation: ConversationId): Seq => state.value.threads[conversation]?.seq ?? 0;

export function show(conversation: ConversationId | undefined): void {
  pane.value = conversation === undefined ? "queue" : "thread";
  go(conversation === undefined ? { page: "desk" } : { page: "desk", conversation });
}

export function claim(conversation: ConversationId): void {
  if (!mayClaim(state.value, conversation) && state.value.threads[conversation]) return;
  if (outbox.underWay(state.value, conversation, "claim")) return;
  const seen = state.value.threads[conversation]?.seq
    ?? [...(state.value.desk?.waiting ?? []), ...(state.value.desk?.messages ?? [])].find((item) => item.conversation === conversation)?.seq
    ?? 0;
  act({ type: "claim", id: fresh(), conversation, seen });
  mode.value = "reply";
  show(conversation);
}

export const write = (conversation: ConversationId, as: "reply" | "note", text: string): void =>
  act(as === "reply"
    ? { type: "reply", id: fresh(), conversation, text, seen: lastShown(conversation) }
    : { type: "note", id: fresh(), conversation, text });

export const handBack = (conversation: ConversationId): void => act({ type: "return", id: fresh(), conversation });

export const putBack = (conversation: ConversationId): void => act({ type: "put_back", id: fresh(), conversation });

export const close = (conversation: ConversationId, outcome: Outcome): void =>
  act({ type: "close", id: fresh(), conversation, outcome, seen: lastShown(conversation) });

export const setStatus = (status: AgentStatus): void => act({ type: "status", id: fresh(), status });

/** Going away with open conversations asks first what becomes of them. */
export function chooseStatus(status: AgentStatus): void {
  if ((status === "away" || status === "offline") && lists(state.value).mine.length > 0) {
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

export const compose = (as: "reply" | "note"): void => {
  mode.value = as;
  pane.value = "thread";
  focusComposer.value += 1;
};
