// What the parts of the window know: what there is to show, and what the visitor can do. `start.ts` makes it, `window.ts` adds its own.

import type { Client } from "../client/client.ts";
import type { State } from "../client/state.ts";
import type { Words } from "../i18n/visitor/es.ts";
import type { Contact, SiteCard, Style } from "../protocol/types.ts";

/** What the visitor chose; kept on the device (@kept). */
export interface Choices {
  lang?: string;
  style?: Style;
  muted?: boolean;
}

/** What the server says of itself (@kept). */
export type Site = SiteCard;

/** What is known of the conversation, and the rest. */
export interface Chat extends Omit<State, "lang" | "style">, Choices {
  client: Client;
  /** The texts of the window. */
  t: Words;
  /** Language tag of the chrome, as Intl knows it. */
  locale: string;
  /** Who speaks: from the last welcome, also an old one. */
  site: Site | undefined;
  contact: Contact;
  now: number;
  open: boolean;
  /** Messages that came since the visitor last looked. */
  unread: number;
  /** Whether the browser keeps anything. */
  kept: boolean;
  /** A passing word: what did not work, what is under way. */
  notice: string;
  /** The case whose receipt waits for a mail address. */
  asking: string | undefined;
  setOpen(open: boolean): void;
  choose(choice: Choices): void;
  /** The text in the composer changed. */
  draft(text: string): void;
  /** The visitor has the end of the log before their eyes. */
  seen(): void;
  redraw(): void;
  /** The address of something on the server. */
  address(path: string): string;
  /** Sends a file; without one, fetches the one at `path`. What comes of it is told. */
  file(path: string, body?: File): Promise<void>;

  /** Whether the end of the log is in sight. */
  atEnd: boolean;
  /** What stands in the composer; with `text`, puts it there. */
  put(text?: string): string;
  /** Puts the visitor to the composer, and `toEnd` to the end of the log as well. */
  write(): void;
  toEnd(): void;
  /** Hands the conversation over as a file. */
  save(): void;
}
