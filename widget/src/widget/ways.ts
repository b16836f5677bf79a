// The ways to the company that work without us: they are on the banner when the server is down, and always in the menu.

import type { Chat } from "./chat.ts";
import { h, type Keyed } from "./dom.ts";

/** Phone and mail as links: in the menu with words, on a banner without. */
export function ways({ contact, t }: Chat, inWords = false): Keyed[] {
  return (["phone", "mail"] as const).flatMap((kind) => {
    const to = contact[kind];
    const label = to && (inWords ? t(kind, { to }) : to);
    const href = kind === "phone" ? `tel:${to?.replace(/[^\d+]/g, "")}` : `mailto:${to}`;
    return label ? [[label, 0, () => h("a", { href }, label)] satisfies Keyed] : [];
  });
}
