// What stands in the log: from the model to a flat list of things to draw. Pure.

import type { Pending, State } from "../client/state.ts";
import type { VisitorEvent } from "../protocol/types.ts";
import type { Model } from "./model.ts";

export type Who = "bot" | "agent" | "visitor";

/** A thing to draw. `key` names it over time; everything else decides whether it must be drawn anew. */
export type Entry = { key: string } & (
  | { kind: "day"; at: number }
  | { kind: "note"; text: string }
  | {
      kind: "bubble";
      who: Who;
      author: string;
      text: string;
      lang: string;
      /** Shown under the last bubble of a group. */
      at?: number;
      /** The first of a group says who speaks. */
      first: boolean;
      way?: "sending" | "held" | "failed";
      why?: string;
      id?: string;
    }
  | { kind: "choices"; of: number; choices: string[]; active: boolean; lang: string }
);

/** A closed session is not gone on with after this time, so the greeting is shown again. The server decides; this only chooses what to show. */
const GREET_AGAIN_MS = 30 * 60_000;

export function entries(model: Model): Entry[] {
  const { state, t } = model;
  const out: Entry[] = [];
  let day = "";
  let group = "";
  const assistant = model.site?.assistant ?? t("assistant");
  const content = state.lang ?? model.locale;
  const offering = offers(state);

  const startDay = (at: number) => {
    const date = new Date(at).toDateString();
    if (date === day) return;
    day = date;
    group = "";
    out.push({ key: `d${date}`, kind: "day", at });
  };
  const note = (key: string, text: string) => {
    group = "";
    out.push({ key, kind: "note", text });
  };
  const bubbles = (key: string, who: Who, author: string, texts: string[], lang: string, at: number) => {
    const minute = `${who} ${author} ${Math.floor(at / 60_000)}`;
    const last = out.at(-1);
    if (minute === group && last?.kind === "bubble") delete last.at;
    texts.forEach((text, i) => {
      const entry: Entry = { key: `${key}.${i}`, kind: "bubble", who, author, text, lang, first: minute !== group };
      if (i === texts.length - 1) entry.at = at;
      group = minute;
      out.push(entry);
    });
  };
  const choices = (of: number, texts: string[], lang: string) => {
    if (texts.length > 0) out.push({ key: `c${of}`, kind: "choices", of, choices: texts, active: of === offering, lang });
  };

  if ((state.lines[0]?.seq ?? 1) > 1) note("older", t("older"));
  for (const { seq, at, event } of state.lines) {
    startDay(at);
    switch (event.kind) {
      case "session_opened":
      case "bot":
        bubbles(`${seq}`, "bot", assistant, event.texts, event.lang, at);
        choices(seq, event.choices, event.lang);
        break;
      case "opinion":
        bubbles(`${seq}`, "bot", assistant, [event.text], content, at);
        choices(seq, event.choices, content);
        break;
      case "agent":
        bubbles(`${seq}`, "agent", event.name, [event.text], content, at);
        break;
      case "visitor":
        bubbles(`${seq}`, "visitor", t("you"), [event.text], content, at);
        break;
      case "rated":
        if (event.text) bubbles(`${seq}`, "visitor", t("you"), [event.text], content, at);
        break;
      default: {
        const text = noteText(event, model);
        if (text) note(`${seq}`, text);
      }
    }
  }
  greet(model).forEach((text, i) => {
    out.push({ key: `g.${i}`, kind: "bubble", who: "bot", author: assistant, text, lang: content, first: i === 0 });
    group = "";
  });
  if (greets(state, model.now)) choices(0, state.welcome?.greeting.choices ?? [], content);
  for (const item of state.pending) {
    if (item.label !== undefined) out.push(pending(item, model));
  }
  return out;
}

function greet(model: Model): string[] {
  return greets(model.state, model.now) ? (model.state.welcome?.greeting.texts ?? []) : [];
}

/** Whether the first words are shown before the visitor's first act. */
function greets(state: State, now: number): boolean {
  if (state.session === "none") return true;
  return state.closing !== null && state.closing.done && now - state.closing.at >= GREET_AGAIN_MS;
}

/** The event whose buttons can be tapped: the last that had some, while nothing has been said or done since. */
function offers(state: State): number | undefined {
  const acting = state.pending.some((item) => item.label !== undefined && !item.failed);
  if (acting) return undefined;
  for (let i = state.lines.length - 1; i >= 0; i--) {
    const line = state.lines[i];
    switch (line?.event.kind) {
      case "bot":
      case "session_opened":
      case "opinion":
        return line.event.choices.length > 0 ? line.seq : undefined;
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

function pending(item: Pending, model: Model): Entry {
  const { t, state } = model;
  const entry: Entry = {
    key: `p${item.act.id}`,
    kind: "bubble",
    who: "visitor",
    author: t("you"),
    text: item.label ?? "",
    lang: state.lang ?? model.locale,
    first: true,
    id: item.act.id,
    way: item.failed ? "failed" : state.connection === "online" || state.connection === "connecting" ? "sending" : "held",
  };
  if (item.failed === "too_long") entry.why = t("too_long", { n: 4000 });
  return entry;
}

/** A line of the log about what happened; nothing for what is seen otherwise. */
export function noteText(event: VisitorEvent, { t, locale }: Pick<Model, "t" | "locale">): string | undefined {
  switch (event.kind) {
    case "queued":
      return t("queued", { team: event.team });
    case "joined":
      return t("joined", { name: event.name });
    case "promise": {
      const when = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" });
      return t("promise", { case: event.case, when: when.format(event.by) });
    }
    case "promise_kept":
    case "promise_late":
      return t(event.kind, { case: event.case });
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

/** Messages that came since the visitor last looked. */
export function unread(state: State, read: number): number {
  return state.lines.filter(({ seq, event }) => seq > read && isNews(event)).length;
}

/** What is worth a sound and a number on the launcher. */
export function isNews(event: VisitorEvent): boolean {
  return event.kind === "bot" || event.kind === "agent" || event.kind === "opinion" || event.kind === "promise_late";
}
