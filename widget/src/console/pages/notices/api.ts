// What the server tells those who post notices: `/v1/notices` of docs/api.md.

import { signal } from "@preact/signals";
import type { ConversationId, Lang, NoticeId, SiteId, Timestamp, TopicId } from "../../../protocol/types";
import { call } from "../../api";

/** The words of a language: the same for both styles, or one each. */
export type Wording = string | { fast: string; warm: string };
export type Text = Readonly<Record<Lang, Wording>>;

export interface Notice {
  id: NoticeId;
  state: "open" | "fixed" | "template";
  topics: TopicId[];
  pages: string[];
  sites: SiteId[];
  languages: Lang[];
  title: Text;
  apology: Text;
  happens: Text;
  workaround?: Text;
  fixed?: Text;
  next_update?: Timestamp;
}

export interface Shown {
  notice: Notice;
  /** It lives in a file, where alone it can be changed. */
  file: boolean;
  author: string | null;
  mine: boolean;
  opened_at: Timestamp;
  changed_at: Timestamp;
  fixed_at: Timestamp | null;
  overdue: boolean;
  followers: number;
  told: number | null;
}

export interface Book {
  notices: Shown[];
  templates: Notice[];
  topics: { id: TopicId; title: Text }[];
  /** What more people ask about now than at this hour of past weeks. */
  smoke: Smoke[];
  sites: SiteId[];
  languages: Lang[];
}

export interface Smoke {
  /** None where they were not understood: `title` is what one of them wrote then. */
  topic: TopicId | null;
  title: Text;
  count: number;
  minutes: number;
  expected: number;
  conversations: ConversationId[];
  /** The template that covers the topic. */
  template: NoticeId | null;
}

/** What the server told last. */
export const book = signal<Book | undefined>(undefined);

export async function read(): Promise<void> {
  book.value = await call<Book>("GET", "/v1/notices");
}

const at = (id: NoticeId) => `/v1/notices/${encodeURIComponent(id)}`;

export const post = (notice: Notice, seen?: Timestamp) =>
  call<object>("PUT", at(notice.id), { notice, ...(seen !== undefined && { seen }) });

export const fix = (id: NoticeId) => call<object>("POST", `${at(id)}/fixed`);

/** What a text says in a language, else in the first that it has. */
export function said(text: Text | undefined, lang: Lang): string {
  const wording = text?.[lang] ?? Object.values(text ?? {})[0] ?? "";
  return typeof wording === "string" ? wording : wording.warm;
}

/** A text with other words in one language. Its regions go with it, for they would say what was said before. */
export function reworded(text: Text | undefined, lang: Lang, words: string): Text {
  const others = Object.entries(text ?? {}).filter(([tag]) => tag !== lang && !tag.startsWith(`${lang}-`));
  return { ...Object.fromEntries(others), [lang]: words };
}
