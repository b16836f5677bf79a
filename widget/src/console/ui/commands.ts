// What the keyboard's commands do, and when they may.

import { claim, compose, dialog, handBack, show, state } from "../app";
import type { Command } from "../model/keys";
import { isMine, mayClaim } from "../model/state";
import { neighbour, next } from "../model/unread";

export function may(command: Command): boolean {
  const now = state.value;
  const open = now.open;
  switch (command) {
    case "claim": return nextToClaim() !== undefined;
    case "reply": return open !== undefined && (isMine(now, open) || mayClaim(now, open));
    case "note": return open !== undefined;
    case "close": case "return": return open !== undefined && isMine(now, open);
    case "palette": case "help": case "up": case "down": return true;
  }
}

const nextToClaim = (): string | undefined => {
  const conversation = next(state.value);
  return conversation !== undefined && mayClaim(state.value, conversation) ? conversation : undefined;
};

export function run(command: Command): void {
  if (!may(command)) return;
  const open = state.value.open;
  switch (command) {
    case "palette": dialog.value = dialog.value === "palette" ? undefined : "palette"; break;
    case "help": dialog.value = "help"; break;
    case "down": case "up": {
      const to = neighbour(state.value, command === "down" ? 1 : -1);
      if (to !== undefined) show(to);
      break;
    }
    case "claim": {
      const conversation = nextToClaim();
      if (conversation !== undefined) claim(conversation);
      break;
    }
    case "reply":
      // Answering somebody who waits takes them.
      if (open !== undefined && !isMine(state.value, open)) claim(open);
      compose("reply");
      break;
    case "note": compose("note"); break;
    case "close": dialog.value = "close"; break;
    case "return": if (open !== undefined) handBack(open); break;
  }
}
