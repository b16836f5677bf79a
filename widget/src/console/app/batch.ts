// Many conversations at once: each is taken, answered and closed as by hand, a few at a time, and what was refused is named.

import { signal } from "@preact/signals";
import type { ConversationId, ErrorCode, Outcome } from "../../protocol/types";
import { isMine } from "../model/state";
import { settled } from "./line";
import { state } from "./signals";
import { lastShown } from "./verbs";

/** Conversations under way at a time: one agent is not to crowd out the others. */
const AT_A_TIME = 3;

export interface Batch {
  topic: string;
  total: number;
  done: number;
  failed: { conversation: ConversationId; code: ErrorCode }[];
}

/** What is under way, or was until it is put away. */
export const batch = signal<Batch | undefined>(undefined);

export interface Order {
  /** What is said to each; nothing when empty. */
  text: string;
  /** How each ends; they stay in the agent's hands without. */
  close?: { outcome: Outcome; reason?: string };
}

const fresh = (): string => crypto.randomUUID();

export const busy = (): boolean => batch.value !== undefined && batch.value.done < batch.value.total;

export async function answerAll(topic: string, conversations: readonly ConversationId[], order: Order): Promise<void> {
  if (busy() || conversations.length === 0) return;
  batch.value = { topic, total: conversations.length, done: 0, failed: [] };
  const left = [...conversations];
  const worker = async (): Promise<void> => {
    for (let conversation = left.shift(); conversation !== undefined; conversation = left.shift()) {
      const code = await one(conversation, order);
      const so = batch.value;
      if (so) batch.value = { ...so, done: so.done + 1, failed: code ? [...so.failed, { conversation, code }] : so.failed };
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** The first refusal ends it for this conversation. */
async function one(conversation: ConversationId, { text, close }: Order): Promise<ErrorCode | undefined> {
  // What the visitor writes from here on is not answered by what goes out now.
  const seen = lastShown(conversation);
  if (!isMine(state.value, conversation)) {
    const refused = await settled({ type: "claim", id: fresh(), conversation, seen });
    if (refused) return refused;
  }
  if (text !== "") {
    const refused = await settled({ type: "reply", id: fresh(), conversation, text, seen });
    if (refused) return refused;
  }
  if (!close) return undefined;
  const { outcome, reason } = close;
  return settled({ type: "close", id: fresh(), conversation, outcome, seen, ...(reason ? { wrap_up: reason } : {}) });
}
