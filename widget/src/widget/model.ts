// What the window shows, and what can be done in it. The parts of the view know this and nothing else.

import type { Contact, SiteCard, Style } from "../protocol/types.ts";
import type { VisitorWords } from "../i18n/locale.ts";
import type { State } from "../client/state.ts";

export interface Model {
  state: State;
  t: VisitorWords;
  /** Language tag of the chrome, as Intl knows it. */
  locale: string;
  /** Who speaks: from the last welcome, also an old one. */
  site: SiteCard | undefined;
  contact: Contact;
  style: Style;
  open: boolean;
  /** Last event that the visitor has seen. */
  read: number;
  muted: boolean;
  /** Whether the browser keeps anything. */
  kept: boolean;
  /** A passing word about something that did not work. */
  notice: string;
  now: number;
}

export interface Deeds {
  open(): void;
  close(): void;
  say(text: string): void;
  choose(of: number, option: number, label: string): void;
  tap(option: number): void;
  line(text: string): void;
  skip(): void;
  person(): void;
  end(): void;
  style(style: Style): void;
  lang(lang: string): void;
  mute(): void;
  download(): void;
  retry(id: string): void;
  discard(id: string): void;
  draft(text: string): void;
  /** The visitor has the end of the log before their eyes. */
  seen(): void;
}

/** Longest message, in characters. */
export const MOST_CHARS = 4000;
/** Longest line after a tap. */
export const LINE_CHARS = 300;

/** Length as the server counts it: characters, not UTF-16 units. */
export function chars(text: string): number {
  return [...text].length;
}
