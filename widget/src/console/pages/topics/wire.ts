// What the topic editor asks the server for. Its shapes are those of docs/api.md, "Topic editor".

import { type Problem, call } from "../../api";
import type { Lang, Timestamp, TopicId } from "../../../protocol/types";

/** The words of a text in one language: the same for both styles, or one each. */
export type Wording = string | { fast: string; warm: string };
export type Worded = Readonly<Record<Lang, Wording>>;

export interface Choice { go: TopicId; title?: Worded }

/** What the form shows of the file of what is not ours. */
export interface Lists { examples: Readonly<Record<Lang, readonly string[]>>; companies: readonly string[]; things: readonly string[] }

export interface TestRow { say: string; lang: Lang; expect?: string; not?: string; slots?: Readonly<Record<string, string>> }

export interface TextBox { at: string; kind: string; trail: readonly string[]; when?: string; words: Worded; choices?: readonly Choice[] }

export interface TopicForm {
  topic: TopicId;
  title: Worded;
  stage: string | null;
  examples: Readonly<Record<Lang, readonly string[]>>;
  patterns: readonly string[];
  texts: readonly TextBox[];
  owner: string | null;
  review_by: string | null;
  /** What those who write the file tell each other. */
  note: string | null;
  /** Names of its slots; they are not changed here. */
  slots: readonly string[];
  tests: readonly TestRow[];
}

export interface Known { topic: TopicId; title: string; path: string; owner: string | null; review_by: string | null; examples: number; tests: number }

export interface Overview {
  version: string;
  topics: readonly Known[];
  /** Files that hold no topic: sentences that are none of ours, facts, lists. */
  shared: readonly string[];
  teams: readonly { team: string; name: string }[];
  sites: readonly { site: string; register: Lang }[];
  languages: readonly Lang[];
  /** What answers may cite: facts, and the values that calls come back with. */
  facts: readonly { fact: string; value: string | null }[];
  calls: Readonly<Record<string, readonly string[]>>;
  four_eyes: boolean;
  git: boolean;
}

export interface Entry { at: Timestamp; by: { id: string; name: string }; act: "opened" | "saved" | "approved" | "published" | "discarded"; note?: string; despite?: readonly { topic: TopicId; say: string }[]; alone?: boolean }

export type DraftState = "draft" | "approved" | "published" | "discarded";

export interface DraftHead { id: string; version: number; state: DraftState; note: string; history: readonly Entry[]; undoes?: string }
export interface DraftLine extends DraftHead { files: readonly string[] }
export interface Draft extends DraftHead { files: Readonly<Record<string, { base: string | null; text: string | null }>> }

export interface DiffLine { sign: "same" | "added" | "removed" | "gap"; text: string; old?: number; new?: number }

export interface Bubble { at: string; text: string; choices: readonly string[] | null }

export interface Checked {
  text: string | null;
  form: TopicForm | null;
  lists: Lists | null;
  refused: { code: string; message_es: string; message_en: string } | null;
  problems: readonly Problem[];
  elsewhere: readonly Problem[];
  diff: readonly DiffLine[];
  shown: readonly Bubble[] | null;
}

export interface Reading {
  verdict: { is: "match"; topic: TopicId } | { is: "ambiguous"; topics: readonly TopicId[] } | { is: "out_of_scope" };
  nearest: readonly { topic: TopicId; title: string; confidence: number }[];
  slots: readonly { name: string; value: string }[];
}

export interface Tested { topic: TopicId; say: string; lang: Lang; expected: string; got: string; slots: readonly (readonly [string, string, string | null])[]; passed: boolean; was: "passed" | "failed" | "new"; standing: "passes" | "failed_before" | "edge" | "own" | "taken"; moved: number }
/** `broken` bars publishing; `edge` (tipped over unawares, of other topics) and `before` (failed already) are only told. */
export interface Tests { passed: number; failed: number; mended: number; broken: readonly Tested[]; edge: readonly Tested[]; before: readonly Tested[]; own: readonly Tested[] }

export interface Preview {
  files: readonly { path: string; diff: readonly DiffLine[]; on_disk: "same" | "merged" | "conflict"; new: boolean; gone: boolean }[];
  problems: readonly Problem[];
  tests: Tests | null;
}

export interface TopicFile { path: string; text: string | null; on_disk: string | null; form: TopicForm | null; lists: Lists | null }

export interface NewTopic {
  topic: string;
  folder: string;
  title: Readonly<Record<Lang, string>>;
  examples: Readonly<Record<Lang, readonly string[]>>;
  answer: Readonly<Record<Lang, string>>;
  choices: readonly TopicId[];
  handoff: boolean;
  owner: string | null;
  review_by: string | null;
}

/** A text on its way to the server, with the form whose changes are to be written into it. */
export interface Sent { draft?: string; path: string; text: string | null; form?: TopicForm; lists?: Lists; site?: string; lang?: Lang; style?: string }

const at = (path: string) => `/v1/authoring${path}`;
const of = (id: string, deed = "") => at(`/drafts/${encodeURIComponent(id)}${deed}`);

export const server = {
  overview: () => call<Overview>("GET", at("")),
  find: (words: string) => call<{ found: readonly { topic: TopicId; lang: Lang; example: string }[] }>("GET", at(`/find?${new URLSearchParams({ words })}`)),
  file: (query: Record<string, string>) => call<TopicFile>("GET", at(`/file?${new URLSearchParams(query)}`)),
  fresh: (topic: NewTopic) => call<{ path: string; text: string; form: TopicForm }>("POST", at("/new"), topic),
  check: (sent: Sent) => call<Checked>("POST", at("/check"), sent),
  tryIt: (sent: Sent & { say: string }) => call<{ before: Reading; after: Reading }>("POST", at("/try"), sent),
  tests: (sent: Sent) => call<Tests>("POST", at("/tests"), sent),
  drafts: () => call<{ drafts: DraftLine[] }>("GET", at("/drafts")),
  draft: (id: string) => call<Draft>("GET", of(id)),
  preview: (id: string) => call<Preview>("GET", of(id, "/preview")),
  open: (note: string) => call<Draft>("POST", at("/drafts"), { note }),
  put: (id: string, file: { version: number; path: string; text: string | null; base?: string | null }) => call<Draft>("PUT", of(id, "/file"), file),
  addExample: (id: string, topic: TopicId, lang: Lang, example: string) => call<Draft>("POST", of(id, "/change"), { topic, change: "add_example", lang, example }),
  approve: (id: string, version: number) => call<Draft>("POST", of(id, "/approve"), { version }),
  publish: (id: string, version: number, reason?: string) => call<Draft>("POST", of(id, "/publish"), { version, ...(reason ? { reason } : {}) }),
  discard: (id: string) => call<Draft>("POST", of(id, "/discard"), {}),
  undo: (id: string) => call<Draft>("POST", of(id, "/undo"), {}),
};
