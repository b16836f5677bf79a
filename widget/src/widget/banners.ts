// What stands between the awning and the log: no connection, the place in the queue, what the browser refuses, what did not work.

import { fill } from "../i18n/fill.ts";
import type { Chat } from "./chat.ts";
import { button, type Drawing, h, type Kid } from "./dom.ts";
import { ways } from "./menu.ts";

/** The place in the queue in words. */
export function queueWords({ queue, t, locale }: Chat): string {
  const minutes = new Intl.NumberFormat(locale, { style: "unit", unit: "minute", unitDisplay: "long" });
  const { position, wait } = queue ?? {};
  const { from_minutes = 0, to_minutes = 0 } = wait ?? {};
  const time = from_minutes ? minutes.formatRange(from_minutes, to_minutes) : fill(t.under, { time: minutes.format(to_minutes) });
  return [queue && fill(t.place, { position }), wait && fill(t.wait, { time }), t.keep_writing].filter(Boolean).join(" ");
}

export function banners(chat: Chat): Drawing {
  const { t, client, notice, kept, connection, waiting, queue, pending } = chat;
  const banner = (text: string | false | undefined, kind = "", more?: Kid) =>
    text && h("div.banner" + kind, { role: "status" }, h("p", {}, text), more);
  return h(
    "div.banners",
    {},
    banner({ waiting: t.offline, refused: t.refused }[connection as string], " alert", ways(chat)),
    banner(notice),
    // A ticket as one draws at a counter. Its words are spoken by the status line, at its own pace.
    waiting &&
      h(
        "div.banner ticket",
        {},
        h("b", { "aria-hidden": true }, queue?.position ?? "…"),
        h(
          "div",
          {},
          h("p", {}, queueWords(chat)),
          button("quiet", () => client.act({ type: "leave_message" }), t.leave, {
            disabled: pending.some(({ act }) => act.type === "leave_message"),
          }),
        ),
      ),
    banner(!kept && t.not_kept),
  );
}
