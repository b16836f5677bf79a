// The log: messages, buttons, what happened, the closing card. Draws only what changed and stays where the reader is.

import type { Chat } from "./chat.ts";
import { closingCard } from "./closing.ts";
import { button, h, type Keyed, list, set } from "./dom.ts";
import { type Bubble, CLOCK, entries, type Entry, time } from "./entries.ts";
import { markdown } from "./markdown.ts";

/** So near to the end the log follows what is new. */
const NEAR_PX = 100;
/** What was there before is drawn in silence; only after this is the log a live region. */
const SILENT_MS = 500;

/** `scrolled` is told when the end comes into or goes out of sight. */
export function log(chat: Chat, scrolled: () => void) {
  const live = h("div", { class: "log", role: "log", "aria-live": "off" });
  const node = h("div", { class: "scroll", tabindex: 0, role: "group" }, live);
  const draw = list(live);
  const card = closingCard(chat);
  let follows = true;
  let width = 0;
  let speaks: ReturnType<typeof setTimeout> | undefined;
  /** What was shown last: the number of acts on their way, the first event, whether the window was open. */
  let acts = 0;
  let first: number | undefined;
  let wasOpen = false;

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
    const { t, locale, client, state } = chat;
    const failed = item?.failed;
    return h(
      "div",
      { class: `row ${who} ${first ? "first" : ""} ${item ? (failed ? "failed" : "held") : ""}` },
      h("span", { class: who === "agent" && first ? "name" : "aside" }, `${author}: `),
      h("div", { class: "bubble", lang, dir: "auto" }, ...(who === "visitor" ? [text] : markdown(text))),
      item
        ? h(
            "div",
            { class: "meta" },
            failed ? t.failed : state.connection === "waiting" ? t.held : t.sending,
            failed && button("quiet", () => client.retry(item), t.retry),
            failed && button("quiet", () => client.discard(item), t.discard),
          )
        : at && h("time", { class: "meta" }, time(locale, at, CLOCK)),
    );
  };

  const keyed = (entry: Entry): Keyed => {
    const { key, kind } = entry;
    const { t, locale, state, client } = chat;
    if (kind === "card") return card(key);
    const make = () => {
      switch (kind) {
        case "earlier":
          return button("quiet", client.older, t.earlier);
        case "day":
          return h("div", { class: kind }, h("span", {}, dayName(entry.at, chat)));
        case "note":
          return h("div", { class: kind }, entry.text);
        case "choices": {
          const { choices, active, lang, of } = entry;
          const choice = (label: string, option: number) =>
            button("choice", () => client.act({ type: "choose", of, option }, label), label, { disabled: !active });
          return h("div", { class: kind, role: "group", "aria-label": t.replies, lang }, ...choices.map(choice));
        }
        case "bubble":
          return bubble(entry);
      }
    };
    return [key, [entry, locale, kind === "bubble" && entry.item && state.connection], make];
  };

  const show = () => {
    const { state, open, t } = chat;
    const { lines, pending, welcome, last } = state;
    const begin = lines[0]?.seq;
    const below = node.scrollHeight - node.scrollTop;
    set(node, { "aria-label": t.messages });
    // Silent while closed, catching up or looking back, so that a screen reader does not read the whole history again.
    const settled = open && state.connection === "online" && last >= (welcome?.seq ?? 0);
    if (!settled || begin !== first) {
      clearTimeout(speaks);
      speaks = undefined;
      set(live, { "aria-live": "off" });
    }
    if (settled) speaks ??= setTimeout(() => set(live, { "aria-live": "polite" }), SILENT_MS);

    const root = node.getRootNode() as ShadowRoot;
    const focused = live.contains(root.activeElement);
    const items = entries(chat).map(keyed);
    if (state.typing) items.push(["typing", 0, () => h("div", { class: "bubble dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"))]);
    draw(items);
    // The focus was on something that is gone: it stays in the log, where a keyboard finds it.
    if (focused && !live.contains(root.activeElement)) (live.querySelector("textarea") ?? node).focus();
    if (open && (follows || pending.length > acts || !wasOpen)) toEnd();
    // Earlier messages came in above: what was being read stays where it is.
    else if (begin !== first) node.scrollTop = node.scrollHeight - below;
    [acts, first, wasOpen] = [pending.length, begin, open];
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
