// What stands in the log: from what is known to a flat list of things to draw. Pure.

import type { Pending, State } from "../client/state.ts";
import { fill } from "../i18n/fill.ts";
import type { VisitorEvent } from "../protocol/types.ts";
import type { View } from "./chat.ts";

/** A message. */
export interface Bubble {
  kind: "bubble";
  who: "bot" | "agent" | "visitor";
  author: string;
  text: string;
  lang: string;
  /** The first of a group says who speaks. */
  first: boolean;
  at?: number | undefined;
  /** An act on its way. */
  item?: Pending | undefined;
}

/** A thing to draw. `key` names it over time; everything else decides whether it must be drawn anew. */
export type Entry = { key: string } & (
  | Bubble
  | { kind: "earlier" }
  | { kind: "day"; at: number }
  | { kind: "note"; text: string }
  | { kind: "choices"; of: number; choices: string[]; active: boolean; lang: string }
  | { kind: "card" }
);

/** A closed session is not gone on with after this time, so the greeting is shown again. The server decides; this only chooses what to show. */
const GREET_AGAIN_MS = 30 * 60_000;

export function entries({ state, t, site, locale, now }: View): Entry[] {
  const { closing, session, pending, lines, welcome } = state;
  const out: Entry[] = [];
  const own = state.lang ?? locale;
  const bot = site?.assistant ?? t.assistant;
  const active = offers(state);
  let day = "";

  const say = (key: string, who: Bubble["who"], author: string, text: string, at?: number, lang = own, item?: Pending) => {
    const last = out.at(-1);
    const first = last?.kind !== "bubble" || last.who !== who || last.author !== author;
    out.push({ key, kind: "bubble", who, author, text, lang, first, at, item });
  };
  /** What the assistant said, and the buttons under it. */
  const turn = (of: number, texts: string[], choices: string[], at?: number, lang = own) => {
    texts.forEach((text, i) => say(`${of}.${i}`, "bot", bot, text, at, lang));
    if (choices[0]) out.push({ key: `c${of}`, kind: "choices", of, choices, active: of === active, lang });
  };

  if (state.older) out.push({ key: "earlier", kind: "earlier" });
  for (const { seq, at, event } of lines) {
    const { kind } = event;
    const key = String(seq);
    const date = new Date(at).toDateString();
    if (date !== day) out.push({ key: (day = date), kind: "day", at });
    const told = t.events[kind as keyof typeof t.events] as string | undefined;
    if (told) {
      const when = kind === "promise" && time(locale, event.by, { weekday: "long", day: "numeric", month: "long", ...CLOCK });
      out.push({ key, kind: "note", text: fill(told, { ...event, when }) });
    } else if ("texts" in event) turn(seq, event.texts, event.choices, at, event.lang);
    else if (kind === "opinion") turn(seq, [event.text], event.choices, at);
    else if (kind === "agent") say(key, kind, event.name, event.text, at);
    else if ("text" in event && event.text) say(key, "visitor", t.you, event.text, at);
    if (seq === closing?.seq && session === "closed") out.push({ key: "card", kind: "card" });
  }
  // The first words, before the visitor's first act.
  if (welcome && (session === "none" || (session === "closed" && closing?.done && now - closing.at > GREET_AGAIN_MS))) {
    turn(0, welcome.greeting.texts, welcome.greeting.choices);
  }
  for (const item of pending) if (item.label) say(item.act.id, "visitor", t.you, item.label, undefined, own, item);
  return out;
}

/** Hour and minute as the visitor writes them. */
export const CLOCK: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };

export function time(locale: string, at: number, format: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, format).format(at);
}

/** The event whose buttons can be tapped: the last that had some, while nothing has been said or done since. */
function offers({ lines, pending }: State): number | undefined {
  if (pending.some(({ label, failed }) => label && !failed)) return undefined;
  const last = lines.findLast(({ event: { kind } }) => /^(bot|session_opened|opinion|visitor|agent|joined|closed)$/.test(kind));
  if (!last || last.event.kind === "closed") return 0;
  return "choices" in last.event ? last.seq : undefined;
}

/** What is worth a sound and a number on the launcher. */
export function isNews({ kind }: VisitorEvent): boolean {
  return /^(bot|agent|opinion|promise_late)$/.test(kind);
}
