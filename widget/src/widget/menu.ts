// The menu: a person, the ways to the company, style and language, what one does with the conversation.

import { fill } from "../i18n/fill.ts";
import { primary } from "../i18n/locale.ts";
import type { Style } from "../protocol/types.ts";
import type { Chat } from "./chat.ts";
import { button, type Drawing, h, type Kid } from "./dom.ts";

/** The ways to the company that work without us, as links: in the menu with words, on the banner when the server is down without. */
export function ways({ contact, t }: Chat, inWords = false): Kid {
  const way = (to: string | null | undefined, scheme: string, words: string) =>
    to && h("a", { href: scheme + to.replace(/\s/g, "") }, inWords ? fill(words, { to }) : to);
  return [way(contact.phone, "tel:", t.phone), way(contact.mail, "mailto:", t.mail)];
}

export function menu(chat: Chat): Drawing {
  const { t, site, locale, client, style, muted, choose, save, waiting, agent, lines, session } = chat;
  const languages = site?.languages ?? [];
  const spoken = languages.find((tag) => tag === locale) ?? languages.find((tag) => primary(tag) === primary(locale));
  /** A choice of one, which leaves the menu open. */
  const pick = (label: string, options: [value: string, name: string][], now: string | undefined, run: (value: string) => void) =>
    h(
      "fieldset",
      {},
      h("legend", {}, label),
      options.map(([value, name]) => button("pick", () => run(value), name, { "aria-pressed": value === now })),
    );
  const fold = ({ target, currentTarget }: Event) => {
    if (!(target as Element).closest("fieldset")) (currentTarget as Element).parentElement!.removeAttribute("open");
  };

  return h(
    "details",
    {},
    h("summary.tool", { "aria-label": t.options }, "≡"),
    h(
      "div.menu",
      { onclick: fold },
      button("", () => client.act({ type: "ask_person" }, t.person), t.person, { disabled: waiting || Boolean(agent) }),
      ways(chat, true),
      pick(t.style, [["fast", t.fast], ["warm", t.warm]], style, (style) => choose({ style: style as Style })),
      languages[1] && pick(t.language, languages.map((tag) => [tag, nameOf(tag)]), spoken, (lang) => choose({ lang })),
      button("", () => choose({ muted: !muted }), t.mute, { "aria-pressed": Boolean(muted) }),
      button("", save, t.save_copy, { disabled: !lines[0] }),
      button("", () => client.act({ type: "end" }), t.end, { disabled: session !== "open" }),
    ),
  );
}

/** The name of a language in itself: `español`. */
function nameOf(tag: string): string {
  return new Intl.DisplayNames(tag, { type: "language" }).of(tag) ?? tag;
}
