// The commands of the console: one table for keyboard, palette and help.

import {
  ask, chooseStatus, claim, compose, decline, dialog, handBack, person, promise, putBack, show, spotted, state, subject, topicAnswer, wake,
} from "../app";
import { isMine, mayClaim } from "../model/state";
import { itemOf, lists, neighbour, next } from "../model/unread";
import { team } from "../prefs";
import { deskRoute, go, pagesOf } from "../route";
import type { Words } from "../words";

export interface Command {
  /** Its name in the words. */
  name: keyof Words["commands"];
  /** The shortcuts, as model/keys.ts names them; none: in the palette alone. */
  keys: readonly string[];
  /** Whether it can be done now; always when left out. */
  when?: () => boolean;
  run: () => void;
  /** Works on every page; the others at the desk. */
  everywhere?: boolean;
  /** Not offered in the palette: it only makes sense under a key. */
  keyOnly?: boolean;
}

const open = (): string | undefined => state.value.open;
const openIsMine = (): boolean => {
  const conversation = open();
  return conversation !== undefined && isMine(state.value, conversation);
};
const openIsAside = (): boolean => openIsMine() && itemOf(state.value, open() ?? "")?.snoozed_until !== undefined;
const openMayBeClaimed = (): boolean => {
  const conversation = open();
  return conversation !== undefined && mayClaim(state.value, conversation);
};
const leads = (): boolean => person.value?.role !== "agent";
/** A lead may also move what colleagues have or what waits. */
const mayMove = (): boolean => openIsMine() || (leads() && open() !== undefined && itemOf(state.value, open() ?? "")?.agent !== undefined);
const offer = (): string | undefined => lists(state.value).offered[0]?.conversation;
const toClaim = (): string | undefined => {
  const conversation = next(state.value);
  return conversation !== undefined && mayClaim(state.value, conversation) ? conversation : undefined;
};
const step = (by: 1 | -1) => (): void => {
  const to = neighbour(state.value, by, team.value);
  if (to !== undefined) show(to);
};
/** Runs `what` on a conversation, where there is one. */
const on = (which: () => string | undefined, what: (conversation: string) => void) => (): void => {
  const conversation = which();
  if (conversation !== undefined) what(conversation);
};
const reply = (put?: string) => (conversation: string): void => {
  // Answering somebody who waits takes them.
  if (!openIsMine()) claim(conversation);
  compose("reply", put);
};
const mayReply = (): boolean => openIsMine() || openMayBeClaimed();
const mayGo = (page: "now" | "history" | "feedback") => (): boolean => person.value != null && pagesOf(person.value.role).includes(page);

export const COMMANDS: readonly Command[] = [
  { name: "palette", keys: ["Ctrl K"], everywhere: true, keyOnly: true, run: () => (dialog.value = dialog.value === "palette" ? undefined : "palette") },
  { name: "down", keys: ["J"], keyOnly: true, run: step(1) },
  { name: "up", keys: ["K"], keyOnly: true, run: step(-1) },
  { name: "accept", keys: ["Enter", "A"], everywhere: true, when: () => offer() !== undefined, run: on(offer, claim) },
  { name: "decline", keys: ["D"], everywhere: true, when: () => offer() !== undefined, run: on(offer, decline) },
  { name: "claim", keys: ["A"], when: () => toClaim() !== undefined, run: on(toClaim, claim) },
  { name: "reply", keys: ["R"], when: mayReply, run: on(open, reply()) },
  { name: "canned", keys: ["/"], when: mayReply, run: on(open, reply("/")) },
  { name: "topicAnswer", keys: ["I"], when: () => openIsMine() && state.value.threads[open() ?? ""]?.card.own_answer === true, run: on(open, (conversation) => void topicAnswer(conversation)) },
  { name: "note", keys: ["N"], when: () => open() !== undefined, run: () => compose("note") },
  { name: "transfer", keys: ["T"], when: mayMove, run: () => ask("transfer") },
  { name: "wake", keys: ["S"], when: openIsAside, run: on(open, wake) },
  { name: "snooze", keys: ["S"], when: () => openIsMine() && !openIsAside(), run: () => ask("snooze") },
  { name: "promise", keys: ["P"], when: openIsMine, run: () => ask("promise") },
  { name: "keepSpotted", keys: ["Ctrl Shift P"], keyOnly: true, when: () => openIsMine() && spotted.value !== undefined, run: on(open, keepSpotted) },
  { name: "close", keys: ["E"], when: openIsMine, run: () => ask("close") },
  { name: "return", keys: ["B"], when: openIsMine, run: on(open, handBack) },
  { name: "putBack", keys: ["Q"], when: openIsMine, run: on(open, putBack) },
  { name: "priority", keys: ["U"], when: () => itemOf(state.value, open() ?? "") !== undefined, run: () => ask("priority") },
  { name: "flag", keys: ["F"], when: () => open() !== undefined, run: () => ask("flag") },
  { name: "online", keys: [], everywhere: true, run: () => chooseStatus("online") },
  { name: "away", keys: [], everywhere: true, run: () => chooseStatus("away") },
  { name: "now", keys: ["G"], everywhere: true, when: mayGo("now"), run: () => go({ page: "now" }) },
  { name: "history", keys: ["Y"], everywhere: true, when: mayGo("history"), run: () => go({ page: "history" }) },
  { name: "desk", keys: ["H"], everywhere: true, run: () => go(deskRoute()) },
  { name: "help", keys: ["?"], everywhere: true, run: () => (dialog.value = "help") },
];

/** What was spotted in the composer becomes a promise that is watched. */
export function keepSpotted(conversation: string): void {
  const found = spotted.value;
  if (!found) return;
  promise(conversation, found.what, found.by);
  spotted.value = undefined;
}

export const can = ({ when }: Command): boolean => when?.() ?? true;

/** Runs the command under a shortcut. `atDesk`: the desk is shown. False when there is none, or it cannot be done now. */
export function press(keys: string, atDesk: boolean): boolean {
  const under = COMMANDS.filter((one) => one.keys.includes(keys) && (atDesk || one.everywhere));
  if (under.length === 0 || (dialog.value && under[0]?.name !== "palette")) return false;
  const command = under.find(can);
  command?.run();
  // Enter does what the browser does with it where it is nobody's.
  return command !== undefined || keys !== "Enter";
}

/** Runs a command by its name. */
export function run(name: Command["name"]): void {
  const command = COMMANDS.find((one) => one.name === name);
  if (command && can(command)) command.run();
}

/** The shortcut of a command, to be shown beside it. */
export const keysOf = (name: Command["name"]): string => COMMANDS.find((one) => one.name === name)?.keys[0] ?? "";

/** The conversation that a dialog is about is in this agent's hands. */
export const subjectIsMine = (): boolean => subject.value !== undefined && isMine(state.value, subject.value);
