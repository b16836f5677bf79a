// The place in the queue, as a ticket that one draws at a counter. Its words are spoken by the status line, at its own pace.

import { fill } from "../i18n/fill.ts";
import type { Chat } from "./chat.ts";
import { button, h, type Keyed } from "./dom.ts";

/** The state of the queue in words. */
export function queueWords({ state: { queue }, t, locale }: Chat): string {
  const wait = queue?.wait;
  const minutes = new Intl.NumberFormat(locale, { style: "unit", unit: "minute", unitDisplay: "long" });
  return [
    queue ? fill(t.place, { p: queue.position }) : t.looking,
    wait ? fill(t.wait, { time: minutes.formatRange(wait.from_minutes, wait.to_minutes) }) : "",
    t.keep_writing,
  ].join(" ");
}

export function ticket(chat: Chat): Keyed {
  const { state, t, client } = chat;
  const words = queueWords(chat);
  const number = String(state.queue?.position ?? "…");
  const leaving = state.pending.some(({ act }) => act.type === "leave_message");
  const leave = () => client.act({ type: "leave_message" });
  return [
    "queue",
    [words, leaving],
    () =>
      h(
        "div",
        { class: "banner ticket" },
        h("b", { "aria-hidden": "true" }, number),
        h("div", {}, h("p", {}, words), button("quiet", leave, t.leave, { disabled: leaving })),
      ),
  ];
}
