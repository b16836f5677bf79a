// What stands in the log: from what is known to a flat list of things to draw. Pure.

import type { Pending, State } from "../client/state.ts";
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
  | { kind: "day"; at: number }
  | { kind: "note"; text: string }
  | { kind: "choices"; of: number; choices: string[]; active: boolean; lang: string }
  | { kind: "card" }
);

/** A closed session is not gone on with after this time, so the greeting is shown again. The server decides; this only chooses what to show. */
const GREET_AGAIN_MS = 30 * 60_000;

export function entries(view: View): Entry[] {
  const { state, t, site } = view;
  const { closing, session, pending } = state;
  const out: Entry[] = [];
  const own = state.lang ?? view.locale;
  let day = "";

  const note = (key: string, text: string) => out.push({ key, kind: "note", text });
  const say = (key: string, who: Bubble["who"], texts: string[], lang = own, at?: number, name?: string, item?: Pending) => {
    const author = name ?? (who === "visitor" ? t("you") : (site?.assistant ?? t("assistant")));
    texts.forEach((text, i) => {
      const last = out.at(-1);
      const first = last?.kind !== "bubble" || last.who !== who || last.author !== author;
      out.push({ key: `${key}.${i}`, kind: "bubble", who, author, text, lang, first, at, item });
    });
  };
  const offer = (of: number, choices: string[], lang = own) => {
    if (choices.length) out.push({ key: `c${of}`, kind: "choices", of, choices, active: of === offers(state), lang });
  };

  if (state.lines[0] && state.lines[0].seq > 1) note("older", t("older"));
  for (const { seq, at, event } of state.lines) {
    const key = String(seq);
    const date = new Date(at).toDateString();
    if (date !== day) out.push({ key: (day = date), kind: "day", at });
    switch (event.kind) {
      case "session_opened":
      case "bot":
        say(key, "bot", event.texts, event.lang, at);
        offer(seq, event.choices, event.lang);
        break;
      case "opinion":
        say(key, "bot", [event.text], own, at);
        offer(seq, event.choices);
        break;
      case "agent":
        say(key, "agent", [event.text], own, at, event.name);
        break;
      case "visitor":
      case "rated":
        if (event.text) say(key, "visitor", [event.text], own, at);
        break;
      case "promise":
        note(key, t("promise", { ...event, when: time(view.locale, event.by, { weekday: "long", day: "numeric", month: "long", ...CLOCK }) }));
        break;
      case "queued":
      case "joined":
      case "left":
      case "returned":
      case "promise_kept":
      case "promise_late":
      case "reopened":
      case "closed":
      case "erased":
        note(key, t(event.kind, event));
    }
    if (seq === closing?.seq && session === "closed") out.push({ key: "card", kind: "card" });
  }
  // The first words, before the visitor's first act.
  if (state.welcome && (session === "none" || (session === "closed" && closing?.done && view.now - closing.at > GREET_AGAIN_MS))) {
    const { texts, choices } = state.welcome.greeting;
    say("g", "bot", texts);
    offer(0, choices);
  }
  for (const item of pending) if (item.label) say(item.act.id, "visitor", [item.label], own, undefined, undefined, item);
  return out;
}

/** Hour and minute as the visitor writes them. */
export const CLOCK = { hour: "numeric", minute: "2-digit" } as const;

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
