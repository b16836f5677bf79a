// The place in the queue, as a ticket that one draws at a counter.

import type { Chat, View } from "./chat.ts";
import type { Keyed } from "./dom.ts";
import type { Kit } from "./kit.ts";

/** The state of the queue in words. */
export function queueWords({ state: { queue }, t, locale }: Pick<View, "state" | "t" | "locale">): string {
  if (!queue) return t("looking");
  const { position, wait } = queue;
  const minutes = new Intl.NumberFormat(locale, { style: "unit", unit: "minute", unitDisplay: "long" });
  const words = [t("place", { p: position }), wait && t("wait", { time: minutes.formatRange(wait.from_minutes, wait.to_minutes) })];
  return [...words, t("keep_writing")].filter(Boolean).join(" ");
}

/** Draws the ticket while the visitor waits; `redraw` shows it anew. The words are spoken by the status line, at its own pace. */
export function ticket(chat: Chat, redraw: () => void, { h, button }: Kit): () => Keyed[] {
  /** The visitor was told how to leave a message. */
  let leaving = false;
  const leave = () => {
    leaving = true;
    redraw();
    chat.write();
  };
  return () => {
    const { state, t } = chat;
    if (!state.waiting) {
      leaving = false;
      return [];
    }
    const words = leaving ? t("leave_how") : queueWords(chat);
    const number = state.queue ? String(state.queue.position) : "…";
    return [
      [
        "queue",
        [number, words],
        () =>
          h(
            "div",
            { class: "banner ticket" },
            h("b", { "aria-hidden": "true" }, number),
            h("div", {}, h("p", {}, words), !leaving && button("quiet", leave, t("leave"))),
          ),
      ],
    ];
  };
}
