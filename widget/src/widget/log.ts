// What stands in the log: messages, buttons, what happened, the closing card. Pure: from what is known to what is to be seen.

import type { Pending } from "../client/state.ts";
import { fill } from "../i18n/fill.ts";
import type { FileCard, JoinedLine, QuestionCard, Shown, VisitorEvent } from "../protocol/types.ts";
import type { Chat } from "./chat.ts";
import { closingCard } from "./closing.ts";
import { button, type Drawing, h, type Kid, typed } from "./dom.ts";
import { markdown } from "./markdown.ts";

/** A closed session is not gone on with after this time, so the greeting is shown again. The server decides; this only chooses what to show. */
const GREET_AGAIN_MS = 30 * 60_000;
/** Hour and minute of a day of 24 hours, as the server words them too. */
const CLOCK: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit", hourCycle: "h23" };

/** What an event may bring from another conversation, or show. */
interface Took {
  joined?: JoinedLine[];
  shows?: Shown[];
}

/** What tells how far a block is: the last of these. Its button, where it has one, waits for as long as it stands, whatever is said meanwhile. */
interface Review {
  owed?: string;
  what?: string;
}

/** What draws that which is shown, once it is here. */
let rich: typeof import("./rich.js") | undefined;

export function log(chat: Chat): Drawing[] {
  const { t, site, locale, now, client, address, file: fetchFile, closing, session, pending, lines, welcome, older, typing, asking } = chat;
  const out: Drawing[] = [];
  const clock = format(locale, CLOCK);
  const active = offers(chat);
  const review = lines.findLast(({ event }) => "appeal blocked reviewed".includes((event as Review).owed ?? (event as Review).what!))?.seq;
  let day = "";
  /** Who spoke last; nobody after anything else. */
  let speaker = "";

  const put = (drawing: Drawing) => {
    speaker = "";
    out.push(drawing);
  };
  const say = (key: unknown, who: string, author: string, text: Kid, foot: Kid, lang = locale) => {
    const first = speaker !== (speaker = who + author);
    out.push(
      h(
        `div.row ${who}${first ? " first" : ""}`,
        { key },
        h(who === "agent" && first ? "span.name" : "span.aside", {}, author + ": "),
        h("div.bubble", { lang, dir: "auto" }, text),
        foot,
      ),
    );
  };
  const time = (at?: number) => at && h("time.meta", {}, clock.format(at));
  /** What the assistant said, and the buttons under it. */
  const turn = (of: number, texts: string[], choices: string[], at?: number, lang = locale, shows?: Shown[]) => {
    // What shows it is fetched with the first of it.
    if (shows && !rich) void import("./rich.js").then((part) => ((rich = part), chat.redraw()));
    texts.forEach((text, i) => {
      say(`${of}.${i}`, "bot", site?.assistant ?? t.assistant, markdown(text), time(at), lang);
      if (shows && rich) out.push(rich.open(chat, shows, i + 1, `${of}-`, lang) as Drawing);
    });
    if (!choices[0]) return;
    const choice = (label: string, option: number) =>
      button("choice", () => client.act({ type: "choose", of, option }, label), label, { disabled: of !== active && of !== review });
    put(h("div.choices", { key: `c${of}`, lang }, choices.map(choice)));
  };
  const file = ({ id }: FileCard, name: string) => button("", () => void fetchFile("/" + id), "↓ " + name);
  /** What one takes home of a case: a page, or the same by mail. */
  const receipt = ({ case: of, receipt }: { case: string; receipt?: string }) => [
    " ",
    receipt && h("a", { href: address(receipt), target: "_blank" }, t.receipt),
    site?.mails &&
      (asking === of
        ? h(
            "form.ends",
            {
              onsubmit: (event: Event) => client.act({ type: "mail", case: of, to: typed(event) }),
            },
            h("label", {}, t.address, h("input", { type: "email" })),
            h("button.tap", {}, t.send),
          )
        : button("quiet", () => client.act({ type: "mail", case: of }), t.by_mail)),
  ];
  /** A message of the visitor's that is on its way. */
  const unsent = (item: Pending) => {
    const { act, label, failed } = item;
    if (!label) return;
    const foot = failed
      ? [t.failed, button("quiet", () => client.retry(item), t.retry), button("quiet", () => client.discard(item), t.discard)]
      : t.sending;
    say(act.id, failed ? "visitor failed" : "visitor held", t.you, label, h("div.meta", {}, foot));
  };

  if (older) put(button("quiet", client.older, t.earlier));
  for (const { seq, at, event } of lines) {
    const { kind } = event;
    /** An act keeps its place when its event has come. */
    const key = "id" in event ? event.id : seq;
    const date = new Date(at).toDateString();
    if (date !== day) put(h("div.day", { key: (day = date) }, format(locale, { dateStyle: "full" }).format(at)));
    const { told = t.events[kind as "left"] } = event as { told?: string };
    if (told) put(h("div.note", { key }, fill(told, event), kind === "promise" && receipt(event)));
    else if ("texts" in event) {
      // What was said in another conversation of theirs, which goes on in this one.
      (event as Took).joined?.forEach(({ at, by, name, text }, i) => say(`-${seq}.${i}`, by, name, markdown(text), time(at)));
      turn(seq, event.texts, event.choices, at, event.lang, (event as Took).shows);
    } else if (kind === "opinion") turn(seq, [event.text], event.choices, at);
    else if (kind === "agent") say(key, kind, event.name, markdown(event.text), time(at));
    else if (kind === "file") say(key, event.from ? "agent" : "visitor", event.from ?? t.you, file(event.file, event.name), time(at));
    else if ("text" in event && event.text) say(key, "visitor", t.you, event.text, time(at));
    if (seq === closing?.seq && session === "closed") put(closingCard(chat));
  }
  // The first words, before the visitor's first act.
  if (welcome && (session === "none" || (session === "closed" && closing?.done && now - closing.at > GREET_AGAIN_MS))) {
    turn(0, welcome.greeting.texts, welcome.greeting.choices);
  }
  pending.forEach(unsent);
  if (typing) put(h("div.dots", { key: "dots", "aria-hidden": true }, "•••"));
  return out;
}

const format = (locale: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);

/** The event whose buttons can be tapped: the last that had some, while nothing has been said or done since. */
function offers({ lines, pending }: Chat): number | undefined {
  if (pending.some(({ label, failed }) => label && !failed)) return undefined;
  const last = lines.findLast(({ event: { kind } }) => /bot|session|opinion|notice|visitor|agent|joined|closed/.test(kind));
  if (!last || last.event.kind === "closed") return 0;
  return "choices" in last.event ? last.seq : undefined;
}

/** What is worth a sound and a number on the launcher. */
export function isNews(event: VisitorEvent): boolean {
  const { kind, from, question } = event as { kind: string; from?: string; question?: QuestionCard };
  return !!(/bot|agent|opinion|notice|promise/.test(kind) || from || question?.put);
}
