// What the server tells those who teach the assistant: `/v1/teaching/…` of docs/api.md.

import type { ConversationId, Lang, Outcome, Seq, Timestamp, TopicId } from "../../../protocol/types";
import { call } from "../../api";

export type Miss = "not_understood" | "ambiguous" | "said_so" | "repeated" | "asked_person" | "handed_off";
export const MISSES: readonly Miss[] = ["not_understood", "ambiguous", "said_so", "repeated", "asked_person", "handed_off"];
export type GroupState = "open" | "decided" | "learnt";

export interface Times { topic: TopicId; count: number }

export interface Said {
  /** The message, `<conversation>.<event>`. */
  of: string;
  conversation: ConversationId;
  text: string;
  /** As an example for a topic file: nobody's own. */
  example: string;
  count: number;
  at: Timestamp;
  lang: Lang;
  answered: TopicId | null;
  meant: TopicId | null;
}

export interface Decision {
  id: string;
  what: "topic" | "test" | "not_for_us" | "ignored";
  topic?: TopicId;
  draft?: string;
  by: string;
  at: Timestamp;
}

export interface Group {
  id: string;
  text: string;
  count: number;
  conversations: number;
  first: Timestamp;
  last: Timestamp;
  langs: Readonly<Record<Lang, number>>;
  sites: Readonly<Record<string, number>>;
  misses: { readonly [miss in Miss]?: number };
  answered: Times[];
  meant: Times[];
  suggested: { topic: TopicId; confidence: number } | null;
  outcomes: { readonly [outcome in Outcome]?: number };
  /** Sessions that an agent solved. */
  solved: number;
  state: GroupState;
  decision: Decision | null;
  learnt: TopicId | null;
  phrases: Said[];
  distinct: number;
}

export interface Inbox {
  groups: Group[];
  totals: Readonly<Record<GroupState, number>>;
  messages: number;
  more: boolean;
  next: number | null;
  catching_up: boolean;
}

export interface Filters { days: string; lang: string; site: string; miss: string; state: string }
export const anything: Filters = { days: "30", lang: "", site: "", miss: "", state: "open" };

export interface Proposal {
  lang: Lang;
  phrases: string[];
  answers: { of: string; conversation: ConversationId; agent: string; text: string; slots: string[]; asks: boolean }[];
  slots: string[];
}

export interface NewTopic {
  topic: string;
  title: Record<Lang, string>;
  examples: Record<Lang, string[]>;
  answer: Record<Lang, string>;
}

export type Wish =
  | { what: "topic"; topic: TopicId; examples: Record<Lang, string[]>; draft?: string }
  | { what: "new_topic"; new: NewTopic; draft?: string }
  | { what: "test"; topic: TopicId; say: string; lang: Lang; draft?: string }
  | { what: "not_for_us"; examples: Record<Lang, string[]>; draft?: string }
  | { what: "ignore" };

export interface Draft { id: string; note: string; state: string }

export type Change = "same" | "better" | "worse" | "different";
export type Evidence = "taught" | "chosen" | "corrected" | "wrapped_up" | "accepted" | "disowned";

export interface Rehearsal {
  id: string;
  draft: string;
  by: string;
  begun: Timestamp;
  state: "learning" | "running" | "done" | "cancelled" | "failed";
  why: string | null;
  days: number;
  sessions: number;
  of_sessions: number;
  turns: number;
  until: Timestamp | null;
  cut: boolean;
  changes: { readonly [change in Change]?: number };
  evidence: { readonly [why in Evidence]?: { readonly [change in Change]?: number } };
  known: number;
  right_now: number;
  right_then: number;
  wrong_now: number;
  wrong_then: number;
}

export interface TurnRow {
  of: string;
  conversation: ConversationId;
  seq: Seq;
  at: Timestamp;
  lang: Lang;
  change: Change;
  now: TopicId[];
  then: TopicId[];
  known: { meant?: TopicId; not?: TopicId; because: Evidence } | null;
  text: string | null;
}

export interface TopicHealth {
  topic: TopicId;
  lang: Lang;
  phrases: number;
  /** Absent while they are being run. */
  tests_passed: number | null;
  tests: number;
  right: number | null;
  asked: number | null;
  confused: Times[];
  used_7: number;
  used_30: number;
  disowned: number;
  positive: number;
  opinions: number;
  handoffs: number;
  review_by: string | null;
  stale: boolean;
}

const query = (filters: Partial<Record<string, string>>): string => {
  const given = Object.entries(filters).filter((entry): entry is [string, string] => !!entry[1]);
  return new URLSearchParams(given).toString();
};

/** A group is found again by the filter that it was made by. */
const of = (id: string, deed: string, { days, lang, site, miss }: Filters): string =>
  `/v1/teaching/missed/${encodeURIComponent(id)}${deed}?${query({ days, lang, site, miss })}`;

export const inbox = (filters: Filters, from = 0): Promise<Inbox> =>
  call("GET", `/v1/teaching/missed?${query({ ...filters, from: from > 0 ? String(from) : "" })}`);
export const group = (id: string, filters: Filters): Promise<Group> => call("GET", of(id, "", filters));
export const proposal = (id: string, filters: Filters): Promise<Proposal> => call("GET", of(id, "/proposal", filters));
export const decide = (id: string, filters: Filters, wish: Wish): Promise<{ decision: Decision; draft: string | null }> =>
  call("POST", of(id, "/decide", filters), wish);
export const undo = (id: string): Promise<object> => call("DELETE", `/v1/teaching/decisions/${encodeURIComponent(id)}`);
/** Drafts that can still be changed. */
export const openDrafts = async (): Promise<Draft[]> => {
  const { drafts } = await call<{ drafts: Draft[] }>("GET", "/v1/authoring/drafts");
  return drafts.filter(({ state }) => state === "draft" || state === "approved");
};
export const rehearse = (draft: string, days: number): Promise<{ id: string }> => call("POST", "/v1/teaching/rehearsals", { draft, days });
export const rehearsals = (): Promise<{ rehearsals: Rehearsal[] }> => call("GET", "/v1/teaching/rehearsals");
export const rehearsal = (id: string): Promise<Rehearsal> => call("GET", `/v1/teaching/rehearsals/${encodeURIComponent(id)}`);
export const stopRehearsal = (id: string): Promise<object> => call("DELETE", `/v1/teaching/rehearsals/${encodeURIComponent(id)}`);
export const turns = (id: string, change: Change, from: number): Promise<{ turns: TurnRow[]; next: number | null }> =>
  call("GET", `/v1/teaching/rehearsals/${encodeURIComponent(id)}/turns?${query({ change, from: String(from) })}`);
export const health = (): Promise<{ topics: TopicHealth[]; measuring: boolean; catching_up: boolean }> => call("GET", "/v1/teaching/health");
