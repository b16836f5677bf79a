// The ways to the company that work without us: they are on the banner when the server is down, and always in the menu.

import { fill } from "../i18n/fill.ts";
import type { Chat } from "./chat.ts";
import { h, type Keyed } from "./dom.ts";

/** Phone and mail as links: in the menu with words, on a banner without. */
export function ways({ contact, t }: Chat, inWords = false): Keyed[] {
  const link = (to: string | null | undefined, scheme: string, words: string): Keyed[] => {
    const label = inWords ? fill(words, { to }) : to;
    return to && label ? [[label, 0, () => h("a", { href: scheme + to.replace(/\s/g, "") }, label)]] : [];
  };
  return [...link(contact.phone, "tel:", t.phone), ...link(contact.mail, "mailto:", t.mail)];
}
