// What stands between the awning and the log: no connection, the queue, what the browser refuses, what did not work.

import type { Chat, View } from "./chat.ts";
import { button, h, type Keyed, list } from "./dom.ts";
import { ways } from "./ways.ts";

/** The state of the queue in words. */
export function queueWords({ state: { queue }, t, locale }: View): string {
  if (!queue) return t("looking");
  const { position, wait } = queue;
  const minutes = new Intl.NumberFormat(locale, { style: "unit", unit: "minute", unitDisplay: "long" });
  return `${t("place", { p: position })} ${wait ? t("wait", { time: minutes.formatRange(wait.from_minutes, wait.to_minutes) }) : ""}`.trim();
}

export function banners(chat: Chat) {
  const node = h("div", { class: "banners" });
  const draw = list(node);
  /** The visitor was told how to leave a message. */
  let leaving = false;

  /** A ticket as one draws it at a counter. The words are spoken by the status line, at its own pace. */
  const ticket = (words: string) => {
    const leave = () => {
      leaving = true;
      show();
      chat.write();
    };
    const { queue } = chat.state;
    return h(
      "div",
      { class: "banner ticket" },
      h("b", { "aria-hidden": "true" }, queue ? String(queue.position) : "…"),
      h("div", {}, h("p", {}, words), !leaving && button("quiet", leave, chat.t("leave"))),
    );
  };
  const banner = (name: string, text: string, more: Keyed[] = []): Keyed => [
    name,
    [text, more],
    () => h("div", { class: `banner ${name}`, role: "status" }, h("p", {}, text), ...more.map(([, , draw]) => draw())),
  ];

  const show = () => {
    const { state, t, notice } = chat;
    const { connection, waiting, queue } = state;
    const items: Keyed[] = [];
    leaving &&= waiting;
    if (connection === "refused" || connection === "waiting") {
      items.push(banner("alert", t(connection === "waiting" ? "offline" : "refused"), ways(chat)));
    }
    if (notice) items.push(banner("notice", notice));
    if (waiting) {
      const words = leaving ? t("leave_how") : `${queueWords(chat)} ${queue ? t("keep_writing") : ""}`;
      items.push(["queue", [queue, words], () => ticket(words)]);
    }
    if (!chat.kept) items.push(banner("kept", t("not_kept")));
    draw(items);
  };
  return { node, show };
}
