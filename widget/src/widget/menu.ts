// The menu: a person, the ways to the company, style and language, what one does with the conversation.

import { primary } from "../i18n/locale.ts";
import type { Style } from "../protocol/types.ts";
import type { Chat } from "./chat.ts";
import { button, h, type Keyed, list } from "./dom.ts";
import { ways } from "./ways.ts";

/** Fills `node`; `fold` closes it. */
export function menu(chat: Chat, node: HTMLElement, fold: () => void): () => void {
  const show = list(node);
  /** A line of the menu; it folds the menu. */
  const entry = (label: string, run: () => void, disabled = false): Keyed => {
    const act = () => {
      fold();
      run();
    };
    return [label, disabled, () => button("", act, label, { disabled })];
  };
  /** A choice of one, which leaves the menu open. */
  const pick = (label: string, options: [value: string, label: string][], now: string | undefined, run: (value: string) => void): Keyed[] => [
    [label, 0, () => h("p", {}, label)],
    ...options.map(([value, name]): Keyed => {
      const pressed = String(value === now);
      return [label + value, pressed, () => button("pick", () => run(value), name, { "aria-label": `${label}: ${name}`, "aria-pressed": pressed })];
    }),
  ];

  return () => {
    const { t, site, state, locale, client } = chat;
    const languages = site?.languages ?? [];
    const spoken = languages.find((tag) => tag === locale) ?? languages.find((tag) => primary(tag) === primary(locale));
    show([
      entry(t.person, () => client.act({ type: "ask_person" }, t.person), state.waiting || Boolean(state.agent)),
      ...ways(chat, true),
      ...pick(t.style, [["fast", t.fast], ["warm", t.warm]], chat.style, (style) => chat.choose({ style: style as Style })),
      ...(languages[1] ? pick(t.language, languages.map((tag) => [tag, nameOf(tag)]), spoken, (lang) => chat.choose({ lang })) : []),
      ["", 0, () => h("hr")],
      entry(chat.muted ? t.unmute : t.mute, () => chat.choose({ muted: !chat.muted })),
      entry(t.download, chat.save, !state.lines[0]),
      entry(t.end, () => client.act({ type: "end" }), state.session !== "open"),
    ]);
  };
}

/** The name of a language in itself: `español`. */
function nameOf(tag: string): string {
  return new Intl.DisplayNames(tag, { type: "language" }).of(tag) ?? tag;
}
