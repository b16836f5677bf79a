// What stands between the awning and the log: no connection, the queue, what the browser refuses, what did not work.

import type { Chat } from "./chat.ts";
import { h, type Keyed, list } from "./dom.ts";
import { ticket } from "./ticket.ts";
import { ways } from "./ways.ts";

export function banners(chat: Chat) {
  const node = h("div", { class: "banners" });
  const draw = list(node);
  const banner = (text: string, kind = "", more: Keyed[] = []): Keyed => [
    text,
    0,
    () => h("div", { class: `banner ${kind}`, role: "status" }, h("p", {}, text), ...more.map(([, , draw]) => draw())),
  ];

  return {
    node,
    show() {
      const { state, t, notice, kept } = chat;
      const trouble = { waiting: t.offline, refused: t.refused }[state.connection as string];
      draw([
        ...(trouble ? [banner(trouble, "alert", ways(chat))] : []),
        ...(notice ? [banner(notice)] : []),
        ...(state.waiting ? [ticket(chat)] : []),
        ...(kept ? [] : [banner(t.not_kept)]),
      ]);
    },
  };
}
