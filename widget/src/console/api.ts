// The server's plain HTTP answers. Whatever changes something carries the CSRF token of the sign-in; a failure is a code, worded by the pages.

import type { Card, ConversationId, FileId, Lang, OpinionKind, Outcome, Person, Role, Seq, TeamId, Timestamp, TopicId } from "../protocol/types";
import type { Canned } from "./model/canned";

export interface SignedIn { me: Person; csrf: string }

export interface Answer {
  conversation: ConversationId;
  seq: Seq;
  at: Timestamp;
  question: string;
  ask: string;
  value: number | null;
  /** What stood on the tap. */
  label?: string | null;
  kind: OpinionKind | null;
  text?: string | null;
  outcome: Outcome;
  topic?: string | null;
  /** Who reads it. */
  team: TeamId;
  agent_name?: string | null;
  /** For which team that agent attended. */
  agent_team?: TeamId | null;
  handled: boolean;
}

export interface Answers {
  answers: Answer[];
  /** Cursor of the next page. */
  next?: string | number | null;
  totals: { positive: number; neutral: number; negative: number; still_stuck: number; suggestion: number; doubt: number; incident: number; unanswered: number };
}

/** Titles and names by id, in the language that was asked for. */
type Called = Readonly<Record<string, string>>;
export interface Names { topics: Called; teams: Called; touchpoints?: Called }

export interface Problem {
  code: string;
  /** The other place that it is about. */
  see: { topic?: string; file: string; line: number } | null;
  severity: string;
  file: string;
  line: number;
  column: number;
  message_es: string;
  message_en: string;
  remedy_es: string;
  remedy_en: string;
}

export interface Catalog { version: string | number; loaded_at: Timestamp; topics: number; problems: Problem[] }

export type Member = Person & { disabled: boolean };

export interface NewPerson { name: string; email: string; role: Role; teams: TeamId[]; lang: Lang }

/** Why a request came to nothing. */
export type Failure = "wrong" | "slow_down" | "forbidden" | "not_found" | "exists" | "invalid" | "network" | "server";

export class ApiError extends Error {
  /** `code`: what the server calls it. */
  constructor(readonly failure: Failure, readonly code?: string) {
    super(failure);
  }
}

const failureOf = (status: number): Failure => {
  switch (status) {
    case 401: return "wrong";
    case 403: return "forbidden";
    case 404: case 410: return "not_found";
    case 409: return "exists";
    case 429: return "slow_down";
    default: return status >= 500 ? "server" : "invalid";
  }
};

let csrf = "";

/** Asks the server. Pages that come in a file of their own ask for what is theirs alone. */
export async function call<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<T> {
  return request(method, path, body ? { "content-type": "application/json" } : {}, body ? JSON.stringify(body) : null);
}

async function request<T>(method: string, path: string, more: Record<string, string>, body: BodyInit | null): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json", ...more };
  if (method !== "GET") headers["x-csrf-token"] = csrf;
  let answer: Response;
  try {
    answer = await fetch(path, { method, headers, credentials: "same-origin", body });
  } catch {
    throw new ApiError("network");
  }
  if (!answer.ok) throw new ApiError(failureOf(answer.status), await codeOf(answer));
  const text = await answer.text();
  try {
    return (text === "" ? {} : JSON.parse(text)) as T;
  } catch {
    throw new ApiError("server");
  }
}

/** What the server calls the failure, where it says so. */
async function codeOf(answer: Response): Promise<string | undefined> {
  try {
    return ((await answer.json()) as { error?: string }).error;
  } catch {
    return undefined;
  }
}

async function signedIn(answer: Promise<SignedIn>): Promise<Person> {
  const { me, csrf: token } = await answer;
  csrf = token;
  return me;
}

export const api = {
  me: () => signedIn(call("GET", "/v1/me")),
  login: (email: string, password: string) => signedIn(call("POST", "/v1/login", { email, password })),
  /** Name and email only where the link is for the first account; an invited person has theirs already. */
  setup: (wanted: { token: string; name: string; email: string; password: string; lang: Lang }) =>
    signedIn(call("POST", "/v1/setup", wanted)),
  logout: () => call<object>("POST", "/v1/logout"),
  names: (lang: Lang) => call<Names>("GET", `/v1/names?lang=${encodeURIComponent(lang)}`),
  /** In a language where they are there in it, else in the one that there is. */
  canned: (lang: Lang) => call<Canned[]>("GET", `/v1/canned?lang=${encodeURIComponent(lang)}`),
  keepCanned: ({ short, lang, title, text }: Canned) => call<object>("PUT", `/v1/canned/${encodeURIComponent(short)}`, { lang, title, text }),
  forgetCanned: ({ short, lang }: Canned) => call<object>("DELETE", `/v1/canned/${encodeURIComponent(short)}?lang=${encodeURIComponent(lang)}`),
  /** What a topic itself would say to this visitor. */
  answer: (topic: TopicId, { site, lang, style }: Card) =>
    call<{ title: string; text: string }>("GET", `/v1/answers?${new URLSearchParams({ topic, site, lang, style })}`),
  /** An address of a file that holds for a short while. */
  file: (id: FileId) => call<{ url: string }>("GET", `/v1/agent/files/${encodeURIComponent(id)}`),
  /** Sends a file to the visitor; under the same `id` it arrives once. */
  sendFile: (conversation: ConversationId, id: string, file: File) =>
    request<object>("POST", `/v1/agent/files?conversation=${encodeURIComponent(conversation)}`,
      { "x-client-id": id, "x-file-name": encodeURIComponent(file.name), "content-type": "application/octet-stream" }, file),
  /** A page of answers, newest first; `handled`: only those that were looked after, or only those that were not. */
  feedback: (kind: OpinionKind | undefined, after: string | number | undefined, handled?: boolean) => {
    const query = new URLSearchParams();
    if (kind) query.set("kind", kind);
    if (handled !== undefined) query.set("handled", String(handled));
    if (after !== undefined) query.set("after", String(after));
    return call<Answers>("GET", `/v1/feedback${query.size > 0 ? `?${query}` : ""}`);
  },
  handled: (answer: Answer) =>
    call<object>("POST", `/v1/feedback/${encodeURIComponent(answer.conversation)}/${answer.seq}/handled`),
  catalog: () => call<Catalog>("GET", "/v1/catalog"),
  people: () => call<{ people: Member[] }>("GET", "/v1/people"),
  invite: (person: NewPerson) => call<{ link: string }>("POST", "/v1/people", person),
  disable: (id: string) => call<object>("POST", `/v1/people/${encodeURIComponent(id)}/disable`),
};
