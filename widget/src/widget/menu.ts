// The menu: a person, the ways to the company, style and language, what one does with the conversation.

import { primary } from "../i18n/locale.ts";
import type { Style } from "../protocol/types.ts";
import type { Chat } from "./chat.ts";
import { button, type Drawing, h, type Kid } from "./dom.ts";

/** The ways to the company that work without us, as links. */
export function ways({ contact }: Chat): Kid {
  const way = (scheme: string, to: string | null | undefined) => to && h("a", { href: scheme + to.replace(/\s/g, "") }, to);
  return [way("tel:", contact.phone), way("mailto:", contact.mail)];
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
      button("", () => client.act({ type: "say", text: t.known }, t.known), t.known),
      ways(chat),
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
