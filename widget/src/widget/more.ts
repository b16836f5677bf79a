// What is loaded when the panel is opened for the first time: the menu, the ticket, the closing card, the sound, the marks in
// the assistant's texts. Without it one can talk already, in plain text.

import type { Item } from "../client/outbox.ts";
import { closingCard } from "./closing.ts";
import type { Chat } from "./chat.ts";
import type { Keyed } from "./dom.ts";
import type { Kit } from "./kit.ts";
import { menu } from "./menu.ts";
import css from "./more.css";
import { markdown } from "./markdown.ts";
import { chime, unlock } from "./sound.ts";
import { status } from "./status.ts";
import { ticket } from "./ticket.ts";
import { download } from "./transcript.ts";

/** Where the parts go. */
export interface Places {
  root: ShadowRoot;
  panel: HTMLElement;
  menu: HTMLElement;
  log: HTMLElement;
  /** Folds the menu. */
  fold(): void;
  redraw(): void;
}

export interface More {
  /** Shows menu and status line. */
  show(): void;
  /** The nodes of a message. */
  markdown(text: string): (Node | string)[];
  ticket(): Keyed[];
  /** What can be done about an act that was refused. */
  amends(item: Item): HTMLElement[];
  card: ReturnType<typeof closingCard>;
  chime(): void;
}

export function more(chat: Chat, { root, panel, menu: node, log, fold, redraw }: Places, kit: Kit): More {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
  root.addEventListener("click", unlock);
  const save = () => download(chat, log, kit);
  const shown = [menu(chat, node, fold, save, kit), status(chat, panel, kit)];
  return {
    show: () => shown.forEach((show) => show()),
    markdown: (text) => markdown(text, kit),
    ticket: ticket(chat, redraw, kit),
    amends: (item) => [
      kit.button("quiet", () => chat.client.retry(item), chat.t("retry")),
      kit.button("quiet", () => chat.client.discard(item), chat.t("discard")),
    ],
    card: closingCard(chat, redraw, save, kit),
    chime,
  };
}
