// One polite line for screen readers: who is typing, the place in the queue. The last word counts, and it comes at a bearable pace.

import { fill } from "../i18n/fill.ts";
import type { Chat } from "./chat.ts";
import { h, write } from "./dom.ts";
import { queueWords } from "./ticket.ts";

const PAUSE_MS = 5000;

export function status(chat: Chat) {
  const node = h("div", { class: "aside", role: "status" });
  let due: ReturnType<typeof setTimeout> | undefined;
  const show = () => {
    const { state, t, site } = chat;
    const name = state.typing === "agent" ? (state.agent ?? t.someone) : (site?.assistant ?? t.assistant);
    const words = state.typing ? fill(t.typing, { name }) : state.waiting ? queueWords(chat) : "";
    if (due || words === node.textContent) return;
    write(node, words);
    due = setTimeout(() => {
      due = undefined;
      show();
    }, PAUSE_MS);
  };
  return { node, show };
}
