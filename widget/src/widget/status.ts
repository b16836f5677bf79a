// One polite line for screen readers: who is typing, the place in the queue. The last word counts, and it comes at a bearable pace.

import type { Chat } from "./chat.ts";
import type { Kit } from "./kit.ts";
import { queueWords } from "./ticket.ts";

const PAUSE_MS = 5000;

export function status(chat: Chat, panel: HTMLElement, { h }: Kit): () => void {
  const line = h("div", { class: "aside", role: "status" });
  panel.append(line);
  let due: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    const { state, t, site } = chat;
    const name = state.typing === "agent" ? (state.agent ?? t("someone")) : (site?.assistant ?? t("assistant"));
    const words = state.typing ? t("typing", { name }) : state.waiting ? queueWords(chat) : "";
    if (due || words === line.textContent) return;
    line.textContent = words;
    due = setTimeout(() => {
      due = undefined;
      tell();
    }, PAUSE_MS);
  };
  return tell;
}
