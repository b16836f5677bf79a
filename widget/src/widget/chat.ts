// What the parts of the window know: what there is to show, and what the visitor can do. `start.ts` makes it.

import type { Client } from "../client/client.ts";
import type { State } from "../client/state.ts";
import type { Words } from "../i18n/visitor/es.ts";
import type { Contact, SiteCard, Style } from "../protocol/types.ts";

/** What there is to show. */
export interface View {
  state: State;
  /** The texts of the window. */
  t: Words;
  /** Language tag of the chrome, as Intl knows it. */
  locale: string;
  /** Who speaks: from the last welcome, also an old one. */
  site: SiteCard | undefined;
  now: number;
}

/** What the visitor chose; kept on the device (@kept). */
export interface Choices {
  lang?: string;
  style?: Style;
  muted?: boolean;
}

export interface Chat extends View, Choices {
  client: Client;
  contact: Contact;
  open: boolean;
  /** Messages that came since the visitor last looked. */
  unread: number;
  /** Whether the browser keeps anything. */
  kept: boolean;
  /** A passing word about something that did not work. */
  notice: string;
  setOpen(open: boolean): void;
  choose(choice: Choices): void;
  /** The text in the composer changed. */
  draft(text: string): void;
  /** The visitor has the end of the log before their eyes. */
  seen(): void;
  redraw(): void;
  /** Puts the visitor to the composer. */
  write(): void;
  /** Hands the conversation over as a file. */
  save(): void;
}
