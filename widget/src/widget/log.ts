// The log: messages, buttons, what happened, the closing card. Draws only what changed and stays where the reader is.

import type { Chat } from "./chat.ts";
import { button, h, type Keyed, list, set } from "./dom.ts";
import { type Bubble, CLOCK, entries, type Entry, time } from "./entries.ts";

/** So near to the end the log follows what is new. */
const NEAR_PX = 100;
/** What was there before is drawn in silence; only after this is the log a live region. */
const SILENT_MS = 500;

/** `scrolled` is told when the end comes into or goes out of sight. */
export function log(chat: Chat, scrolled: () => void) {
  const live = h("div", { class: "log", role: "log", "aria-live": "off" });
  const node = h("div", { class: "scroll", tabindex: 0, role: "group" }, live);
  const draw = list(live);
  let follows = true;
  let width = 0;
  let speaks: ReturnType<typeof setTimeout> | undefined;
  let before = { open: false, pending: 0 };

  const toEnd = () => {
    follows = true;
    node.scrollTop = node.scrollHeight;
  };
  node.onscroll = () => {
    // On a turned phone the lines break anew and the log moves before the observer hears of it: the reader went nowhere.
    if (node.clientWidth !== width) return;
    const near = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR_PX;
    if (near === follows) return;
    follows = near;
    scrolled();
  };
  // A phone's keyboard or a banner makes the log shorter: its end must not go out of sight.
  new ResizeObserver(() => {
    width = node.clientWidth;
    if (follows) toEnd();
  }).observe(node);

  const bubble = ({ who, author, first, lang, text, at, item }: Bubble) => {
    const { t, locale, more } = chat;
    return h(
      "div",
      { class: `row ${who} ${first ? "first" : ""} ${item ? (item.failed ? "failed" : "held") : ""}` },
      h("span", { class: who === "agent" && first ? "name" : "aside" }, `${author}: `),
      h("div", { class: "bubble", lang, dir: "auto" }, ...((who !== "visitor" && more?.markdown(text)) || [text])),
      item
        ? h(
            "div",
            { class: "meta" },
            t(item.failed ? "failed" : chat.state.connection === "waiting" ? "held" : "sending"),
            ...((item.failed && more?.amends(item)) || []),
          )
        : at && h("time", { class: "meta" }, time(locale, at, CLOCK)),
    );
  };

  const keyed = (entry: Entry): Keyed => {
    const { key, kind } = entry;
    const { t, locale, state, client, more } = chat;
    switch (kind) {
      case "card":
        return [key, [more?.card.sig(), locale], () => more?.card.draw() ?? h("div")];
      case "day":
        return [key, locale, () => h("div", { class: "day" }, h("span", {}, dayName(entry.at, chat)))];
      case "note":
        return [key, entry.text, () => h("div", { class: "note" }, entry.text)];
      case "choices": {
        const { choices, active, lang, of } = entry;
        const choice = (label: string, option: number) =>
          button("choice", () => client.act({ type: "choose", of, option }, label), label, { disabled: !active });
        return [key, entry, () => h("div", { class: "choices", role: "group", "aria-label": t("replies"), lang }, ...choices.map(choice))];
      }
      case "bubble":
        return [key, [entry, locale, entry.item && state.connection, !more], () => bubble(entry)];
    }
  };

  const show = () => {
    const { state, open, t } = chat;
    set(node, { "aria-label": t("messages") });
    // Silent while closed or catching up, so that a screen reader does not read the whole history again.
    if (!open || state.connection !== "online" || state.last < (state.welcome?.seq ?? 0)) {
      clearTimeout(speaks);
      speaks = undefined;
      set(live, { "aria-live": "off" });
    } else speaks ??= setTimeout(() => set(live, { "aria-live": "polite" }), SILENT_MS);

    const root = node.getRootNode() as ShadowRoot;
    const focused = live.contains(root.activeElement);
    const items = entries(chat).map(keyed);
    if (state.typing) items.push(["typing", 0, () => h("div", { class: "bubble dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"))]);
    draw(items);
    // The focus was on something that is gone: it stays in the log, where a keyboard finds it.
    if (focused && !live.contains(root.activeElement)) (live.querySelector("textarea") ?? node).focus();
    const pending = state.pending.length;
    if (open && (follows || pending > before.pending || !before.open)) toEnd();
    before = { open, pending };
  };

  return {
    node,
    show,
    toEnd,
    /** Whether the end is in sight. */
    atEnd: () => follows,
  };
}

/** `hoy`, `ayer`, `lunes, 3 de marzo de 2026`. */
function dayName(at: number, { locale, now }: Chat): string {
  const days = (ms: number) => new Date(ms).setHours(0, 0, 0, 0);
  const ago = Math.round((days(at) - days(now)) / 864e5);
  if (ago > -2) return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(ago, "day");
  return time(locale, at, { dateStyle: "full" });
}
