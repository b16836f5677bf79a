// What the screens read: one signal for each thing that may change by itself.

import { computed, signal } from "@preact/signals";
import type { AgentStatus, ConversationId, Person } from "../../protocol/types";
import type { Spotted } from "../model/promise";
import { type State, start } from "../model/state";
import { itemOf } from "../model/unread";
import { chosenLang, ownLang } from "../prefs";
import { type Words, wordsOf } from "../words";

export const state = signal<State>(start);
/** `undefined` while it is not known yet; `null` when nobody is signed in. */
export const person = signal<Person | null | undefined>(undefined);
/** The session ended by itself: the sign-in page says so. */
export const expired = signal(false);
export const outdated = signal(false);
export const now = signal(Date.now());
export const lang = computed(() => chosenLang.value ?? ownLang.value);
export const words = computed<Words>(() => wordsOf(lang.value));

/** Dialogs about one conversation, and those about none. */
export type TalkDialog = "close" | "transfer" | "snooze" | "promise" | "priority" | "flag";
export type Dialog = TalkDialog | "palette" | "help" | "leave" | "cause";
export const dialog = signal<Dialog | undefined>(undefined);
/** What the dialog is about, where it is not the conversation on the screen. */
const chosen = signal<ConversationId | undefined>(undefined);
export const subject = computed(() => chosen.value ?? state.value.open);
export const subjectItem = computed(() => (subject.value === undefined ? undefined : itemOf(state.value, subject.value)));
/** Topic of the conversations that are answered together. */
export const cause = signal("");
/** A promise in what is being written, not kept yet. */
export const spotted = signal<Spotted | undefined>(undefined);
/** The promise whose time is to be changed, by its case. */
export const moving = signal<string | undefined>(undefined);
/** The status that is to be taken once it is decided what becomes of the open conversations. */
export const leavingFor = signal<AgentStatus>("away");

/** Opens a dialog about a conversation; about the one on the screen when none is given. */
export function ask(name: TalkDialog, conversation?: ConversationId): void {
  chosen.value = conversation;
  dialog.value = name;
}

export const done = (): void => {
  dialog.value = undefined;
  chosen.value = undefined;
  moving.value = undefined;
};

export type Pane = "queue" | "thread" | "context";
/** The pane shown where there is room for one. */
export const pane = signal<Pane>("queue");
export const mode = signal<"reply" | "note">("reply");
/** Counts up when the composer is to take the focus; `put` is what it should then hold behind what is there. */
export const focusComposer = signal<{ n: number; put?: string }>({ n: 0 });

setInterval(() => (now.value = Date.now()), 1_000);
