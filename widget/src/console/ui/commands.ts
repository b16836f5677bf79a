// The commands of the console: one table for keyboard, palette and help.

import { claim, compose, dialog, handBack, show, state } from "../app";
import { isMine, mayClaim } from "../model/state";
import { neighbour, next } from "../model/unread";
import type { Words } from "../words";

export interface Command {
  /** Its name in the words. */
  name: keyof Words["commands"];
  /** The shortcut, as model/keys.ts names it. */
  keys: string;
  /** Whether it can be done now; always when left out. */
  when?: () => boolean;
  run: () => void;
  /** Works on every page and over a dialog; the others at the desk. */
  everywhere?: boolean;
  /** Not offered in the palette: it only makes sense under a key. */
  keyOnly?: boolean;
}

const open = (): string | undefined => state.value.open;
const openIsMine = (): boolean => {
  const conversation = open();
  return conversation !== undefined && isMine(state.value, conversation);
};
const toClaim = (): string | undefined => {
  const conversation = next(state.value);
  return conversation !== undefined && mayClaim(state.value, conversation) ? conversation : undefined;
};
const step = (by: 1 | -1) => (): void => {
  const to = neighbour(state.value, by);
  if (to !== undefined) show(to);
};
/** Runs `what` on a conversation, where there is one. */
const on = (which: () => string | undefined, what: (conversation: string) => void) => (): void => {
  const conversation = which();
  if (conversation !== undefined) what(conversation);
};

export const COMMANDS: readonly Command[] = [
  { name: "palette", keys: "Ctrl K", everywhere: true, keyOnly: true, run: () => (dialog.value = dialog.value === "palette" ? undefined : "palette") },
  { name: "down", keys: "J", keyOnly: true, run: step(1) },
  { name: "up", keys: "K", keyOnly: true, run: step(-1) },
  { name: "claim", keys: "A", when: () => toClaim() !== undefined, run: on(toClaim, claim) },
  {
    name: "reply", keys: "R",
    when: () => openIsMine() || openMayBeClaimed(),
    run: on(open, (conversation) => {
      // Answering somebody who waits takes them.
      if (!openIsMine()) claim(conversation);
      compose("reply");
    }),
  },
  { name: "note", keys: "N", when: () => open() !== undefined, run: () => compose("note") },
  { name: "close", keys: "E", when: openIsMine, run: () => (dialog.value = "close") },
  { name: "return", keys: "B", when: openIsMine, run: on(open, handBack) },
  { name: "help", keys: "?", everywhere: true, run: () => (dialog.value = "help") },
];

function openMayBeClaimed(): boolean {
  const conversation = open();
  return conversation !== undefined && mayClaim(state.value, conversation);
}

export const can = ({ when }: Command): boolean => when?.() ?? true;

/** Runs the command under a shortcut. `atDesk`: the desk is shown. False when there is none, or it cannot be done now. */
export function press(keys: string, atDesk: boolean): boolean {
  const command = COMMANDS.find((one) => one.keys === keys);
  if (!command || (dialog.value && command.name !== "palette") || !(atDesk || command.everywhere)) return false;
  if (can(command)) command.run();
  return true;
}

/** Runs a command by its name. */
export function run(name: Command["name"]): void {
  const command = COMMANDS.find((one) => one.name === name);
  if (command && can(command)) command.run();
}
