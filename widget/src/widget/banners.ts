// What stands between the awning and the log: no connection, the queue, what the browser refuses, what did not work.

import type { Chat } from "./chat.ts";
import { h, type Keyed, list } from "./dom.ts";
import { ways } from "./ways.ts";

export function banners(chat: Chat) {
  const node = h("div", { class: "banners" });
  const draw = list(node);
  const banner = (text: string, kind = "", more: Keyed[] = []): Keyed => [
    kind + text,
    0,
    () => h("div", { class: `banner ${kind}`, role: "status" }, h("p", {}, text), ...more.map(([, , draw]) => draw())),
  ];

  return {
    node,
    /** `ticket`: the place in the queue, where the visitor has one. */
    show(ticket: Keyed[]) {
      const { state, t, notice, kept } = chat;
      const { connection } = state;
      draw([
        ...(connection === "waiting" ? [banner(t("offline"), "alert", ways(chat))] : []),
        ...(connection === "refused" ? [banner(t("refused"), "alert", ways(chat))] : []),
        ...(notice ? [banner(notice)] : []),
        ...ticket,
        ...(kept ? [] : [banner(t("not_kept"))]),
      ]);
    },
  };
}
