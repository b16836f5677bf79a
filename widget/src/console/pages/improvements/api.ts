// What the server tells those who close the loop: `/v1/improvements` of docs/api.md.

import { signal } from "@preact/signals";
import type { Lang, SiteId, Stage, Timestamp, TopicId } from "../../../protocol/types";
import { type Answer, call } from "../../api";
import type { Share } from "../insights/wire";
import type { Text } from "../notices/api";

export type Standing = "new" | "owned" | "contacted" | "fixed" | "told";
export type Ref = Pick<Answer, "conversation" | "seq">;

export interface Theme {
  touchpoint: string | null;
  stage: Stage | null;
  answers: number;
  /** Those in which something is wrong or wished. */
  asking: number;
  standings: Readonly<Record<Standing, number>>;
  last_at: Timestamp | null;
}

export interface Action {
  id: string;
  said: Text;
  did: Text;
  /** `2026-11-23` */
  since: string;
  touchpoints: string[];
  sites: SiteId[];
  topic?: TopicId;
  opinions: Ref[];
}

export interface Row {
  action: Action;
  author: string;
  changed_at: Timestamp;
  published_at: Timestamp | null;
  retired_at: Timestamp | null;
  /** Whom it is told to. */
  people: number | null;
  /** Opinions whose authors have it in their chat. */
  told: number;
}

export interface Book {
  themes: Theme[];
  actions: Row[];
  touchpoints: { id: string; name: string }[];
  topics: { id: TopicId; name: string }[];
  sites: SiteId[];
  languages: Lang[];
  today: string;
}

/** An opinion and how far it has come. */
export interface Walked extends Answer {
  standing: Standing;
  owner: string | null;
  way: { strides: { to: Standing; by?: { name: string }; at: Timestamp }[]; action?: string };
}

export interface Whole extends Row {
  file: string | null;
  opinions: Walked[];
  effect: { before: Share; after: Share; difference: { value: number; low: number; high: number }; verdict: "too_few" | "fell" | "rose" | "unclear" } | null;
}

/** What the server told last. */
export const book = signal<Book | undefined>(undefined);

export async function read(): Promise<void> {
  book.value = await call<Book>("GET", "/v1/improvements");
}

/** A place on the customer's way, as the console's address has it: `checkout~purchase`. */
export interface Place { touchpoint: string | null; stage: Stage | null }

const NONE = "none";
const word = (one: string | null): string => encodeURIComponent(one ?? NONE);
export const placeMark = ({ touchpoint, stage }: Place): string => `at.${word(touchpoint)}~${word(stage)}`;
export function placeOf(within: string | undefined): Place | undefined {
  const [touchpoint, stage] = within?.startsWith("at.") ? within.slice(3).split("~").map(decodeURIComponent) : [];
  if (touchpoint === undefined || stage === undefined) return undefined;
  return { touchpoint: touchpoint === NONE ? null : touchpoint, stage: stage === NONE ? null : (stage as Stage) };
}

export const opinionsOf = ({ touchpoint, stage }: Place, open: boolean, after?: string) => {
  const query = new URLSearchParams({ touchpoint: touchpoint ?? NONE, stage: stage ?? NONE, asking: "true" });
  if (open) query.set("open", "true");
  if (after !== undefined) query.set("after", after);
  return call<{ opinions: Walked[]; next: string | null }>("GET", `/v1/improvements/opinions?${query}`);
};

export const moves = (stride: "take" | "contacted", opinions: readonly Ref[]) =>
  call<{ moved: number; closed: number }>("POST", `/v1/improvements/opinions/${stride}`, { opinions });

const at = (id: string) => `/v1/improvements/actions/${encodeURIComponent(id)}`;
export const whole = (id: string) => call<Whole>("GET", at(id));
export const write = (action: Action, seen?: Timestamp) => call<object>("PUT", at(action.id), { action, ...(seen !== undefined && { seen }) });
export const publish = (id: string) => call<object>("POST", `${at(id)}/publish`);
export const retire = (id: string) => call<object>("POST", `${at(id)}/retire`);
export const drop = (id: string) => call<object>("DELETE", at(id));

/** One case, asked of somebody without a console. */
export interface Errand extends Ref {
  to: string;
  note: string;
  by: string;
  made_at: Timestamp;
  expires: Timestamp;
  answer?: { result: "done" | "need_more" | "not_ours"; note: string; at: Timestamp };
}

/** `mail`: whether this server sends any. */
export const errands = signal<{ errands: Errand[]; mail: boolean }>({ errands: [], mail: false });

export async function readErrands(): Promise<void> {
  errands.value = await call<{ errands: Errand[]; mail: boolean }>("GET", "/v1/improvements/errands");
}

export const ask = ({ conversation, seq }: Ref, to: string, note: string) =>
  call<object>("POST", "/v1/improvements/errands", { opinion: { conversation, seq }, to, note });
