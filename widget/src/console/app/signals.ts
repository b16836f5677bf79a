// What the screens read: one signal for each thing that may change by itself.

import { computed, signal } from "@preact/signals";
import type { AgentStatus, Person } from "../../protocol/types";
import { type State, start } from "../model/state";
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

export type Dialog = "palette" | "help" | "close" | "leave";
export const dialog = signal<Dialog | undefined>(undefined);
/** The status that is to be taken once it is decided what becomes of the open conversations. */
export const leavingFor = signal<AgentStatus>("away");

export type Pane = "queue" | "thread" | "context";
/** The pane shown where there is room for one. */
export const pane = signal<Pane>("queue");
export const mode = signal<"reply" | "note">("reply");
/** Counts up when the composer is to take the focus. */
export const focusComposer = signal(0);

setInterval(() => (now.value = Date.now()), 1_000);
