// The canned replies of each language, read when they are first wanted, and again after a while: colleagues change them.

import { signal } from "@preact/signals";
import type { ConversationId, TopicId } from "../../protocol/types";
import { api } from "../api";
import type { Canned } from "../model/canned";
import { failed } from "./session";
import { state, words } from "./signals";
import { say } from "./toasts";
import { compose } from "./verbs";

/** As long as what was read is taken to be fresh, in milliseconds. */
const FRESH_MS = 60_000;

const kept = signal<Readonly<Record<string, readonly Canned[]>>>({});
const readAt = new Map<string, number>();

const base = (tag: string): string => tag.slice(0, 2).toLowerCase();

/** Those for a language, as far as they are here. */
export const cannedIn = (tag: string): readonly Canned[] => kept.value[base(tag)] ?? [];

/** Sees to it that they are here. */
export async function readCanned(tag: string, anew = false): Promise<void> {
  const wanted = base(tag);
  if (!anew && Date.now() - (readAt.get(wanted) ?? -FRESH_MS) < FRESH_MS) return;
  readAt.set(wanted, Date.now());
  try {
    kept.value = { ...kept.value, [wanted]: await api.canned(wanted) };
  } catch (error) {
    readAt.delete(wanted);
    if (anew) failed(error);
  }
}

/** The topic that the conversation is about. */
export const topicOf = (conversation: ConversationId): TopicId | undefined => state.value.threads[conversation]?.card?.topic;

/** Puts what the topic itself would answer into the composer, to be looked at and sent. */
export async function topicAnswer(conversation: ConversationId): Promise<void> {
  const topic = topicOf(conversation);
  const card = state.value.threads[conversation]?.card;
  if (!topic || !card) return say(words.value.noTopicAnswer);
  try {
    const { text } = await api.answer(topic, card);
    if (state.value.open === conversation) compose("reply", text);
  } catch {
    say(words.value.noTopicAnswer);
  }
}
