// What stands in the log: from what is known to a flat list of things to draw. Pure.

import type { Pending, State } from "../client/state.ts";
import type { VisitorEvent } from "../protocol/types.ts";
import { MOST_CHARS, type View } from "./chat.ts";

/** A message. */
export interface Bubble {
  kind: "bubble";
  who: "bot" | "agent" | "visitor";
  author: string;
  text: string;
  lang: string;
  /** The first of a group says who speaks. */
  first: boolean;
  /** Shown under the last of a group. */
  at?: number | undefined;
  /** An act on its way. */
  item?: Pending;
}

/** A thing to draw. `key` names it over time; everything else decides whether it must be drawn anew. */
export type Entry = { key: string } & (
  | Bubble
  | { kind: "day"; at: number }
  | { kind: "note"; text: string }
  | { kind: "choices"; of: number; choices: string[]; active: boolean; lang: string }
  | { kind: "card" }
);

/** A closed session is not gone on with after this time, so the greeting is shown again. The server decides; this only chooses what to show. */
const GREET_AGAIN_MS = 30 * 60_000;

export function entries(view: View): Entry[] {
  const { state, t } = view;
  const out: Entry[] = [];
  const lang = state.lang ?? view.locale;
  const assistant = view.site?.assistant ?? t("assistant");
  const offering = offers(state);
  let day = "";
  let group = "";

  const note = (key: string, text?: string) => {
    if (!text) return;
    group = "";
    out.push({ key, kind: "note", text });
  };
  const say = (key: string, who: Bubble["who"], author: string, texts: string[], lang: string, at = 0) => {
    const now = `${who}${author}${Math.floor(at / 60_000)}`;
    const last = out.at(-1);
    if (now === group && last?.kind === "bubble") delete last.at;
    for (const [i, text] of texts.entries()) {
      out.push({ key: `${key}.${i}`, kind: "bubble", who, author, text, lang, first: now !== group, at: i === texts.length - 1 ? at : undefined });
      group = now;
    }
  };
  const offer = (of: number, choices: string[], lang: string) => {
    if (choices.length > 0) out.push({ key: `c${of}`, kind: "choices", of, choices, active: of === offering, lang });
  };

  if ((state.lines[0]?.seq ?? 1) > 1) note("older", t("older"));
  for (const { seq, at, event } of state.lines) {
    const key = String(seq);
    const date = new Date(at).toDateString();
    if (date !== day) {
      out.push({ key: date, kind: "day", at });
      group = "";
    }
    day = date;
    switch (event.kind) {
      case "session_opened":
      case "bot":
        say(key, "bot", assistant, event.texts, event.lang, at);
        offer(seq, event.choices, event.lang);
        break;
      case "opinion":
        say(key, "bot", assistant, [event.text], lang, at);
        offer(seq, event.choices, lang);
        break;
      case "agent":
        say(key, "agent", event.name, [event.text], lang, at);
        break;
      case "visitor":
      case "rated":
        if (event.text) say(key, "visitor", t("you"), [event.text], lang, at);
        break;
      default:
        note(key, noteText(event, view));
    }
    if (seq === state.closing?.seq && state.session === "closed") out.push({ key: "card", kind: "card" });
  }
  if (greets(view) && state.welcome) {
    const { texts, choices } = state.welcome.greeting;
    say("g", "bot", assistant, texts, lang);
    offer(0, choices, lang);
  }
  for (const item of state.pending) {
    if (item.label === undefined) continue;
    say(item.act.id, "visitor", t("you"), [item.label], lang);
    const last = out.at(-1);
    if (last?.kind === "bubble") last.item = item;
  }
  return out;
}

/** Whether the first words are shown before the visitor's first act. */
function greets({ state: { session, closing }, now }: View): boolean {
  return session === "none" || (session === "closed" && closing !== null && closing.done && now - closing.at >= GREET_AGAIN_MS);
}

/** The event whose buttons can be tapped: the last that had some, while nothing has been said or done since. */
function offers(state: State): number | undefined {
  if (state.pending.some((item) => item.label !== undefined && !item.failed)) return undefined;
  for (const { seq, event } of [...state.lines].reverse()) {
    switch (event.kind) {
      case "bot":
      case "session_opened":
      case "opinion":
        return seq;
      case "visitor":
      case "agent":
      case "joined":
        return undefined;
      case "closed":
        return 0;
    }
  }
  return 0;
}

/** A line of the log about what happened; nothing for what is seen otherwise. */
function noteText(event: VisitorEvent, { t, locale }: View): string | undefined {
  switch (event.kind) {
    case "queued":
    case "joined":
    case "promise_kept":
    case "promise_late":
      return t(event.kind, event);
    case "promise":
      return t("promise", {
        case: event.case,
        when: new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" }).format(event.by),
      });
    case "left":
    case "returned":
    case "reopened":
    case "closed":
    case "erased":
      return t(event.kind);
    default:
      return undefined;
  }
}

/** What stands beside an act on its way: that it is sent, waits, or why it failed. */
export function way(item: Pending, { state, t }: View): string {
  if (item.failed === "too_long") return t("too_long", { n: MOST_CHARS });
  if (item.failed) return t("failed");
  return t(state.connection === "waiting" || state.connection === "refused" ? "held" : "sending");
}

/** Messages that came since the visitor last looked. */
export function unread(state: State, read: number): number {
  return state.lines.filter(({ seq, event }) => seq > read && isNews(event)).length;
}

/** What is worth a sound and a number on the launcher. */
export function isNews({ kind }: VisitorEvent): boolean {
  return kind === "bot" || kind === "agent" || kind === "opinion" || kind === "promise_late";
}
