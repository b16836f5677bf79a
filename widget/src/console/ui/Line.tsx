// One line of a thread: words of the visitor, the assistant or an agent; a note; or what happened, told in one line.

import type { ComponentChildren } from "preact";
import type { AgentEvent, AgentEventKind, FileId, Scored, VisitorEvent } from "../../protocol/types";
import { computed } from "@preact/signals";
import { api } from "../api";
import { discard, failed, lang, person, sendAgain, state, teamName, topicName, words } from "../app";
import { mentions } from "../model/mention";
import type { Act } from "../model/state";
import { clock, moment, percent, size } from "../model/time";
import { languageName } from "../words";
import { rewrite } from "./Composer";
import { Because } from "./Because";
import { Beside } from "./Beside";
import { Icon, type IconName } from "./icons";
import { Rich } from "./Rich";
import { Shows } from "./Shows";

type Bot = Extract<AgentEventKind, { kind: "bot" }>;
type Author = "visitor" | "bot" | "agent" | "note";

const authorOf = ({ event }: AgentEvent): Author | undefined => {
  if (event.kind === "seen") return event.event.kind === "visitor" ? "visitor" : undefined;
  return event.kind === "bot" || event.kind === "agent" || event.kind === "note" ? event.kind : undefined;
};

/** `lang`: of the visitor. */
export function Line({ event, lang: theirs, before }: { event: AgentEvent; lang: string; before: AgentEvent | undefined }) {
  const { event: what, at } = event;
  const author = authorOf(event);
  // A second line of the same author within two minutes needs no second head.
  const joined = before !== undefined && author !== undefined && author !== "note"
    && authorOf(before) === author && nameOf(before) === nameOf(event) && at - before.at < 120_000;
  const w = words.value;
  switch (what.kind) {
    case "seen":
      return what.event.kind === "visitor"
        ? (
          <Said author="visitor" name={w.visitor} at={at} joined={joined}>
            <p lang={theirs}>{what.event.tap ? <span class="tap" title={w.tapped}>{what.event.text}</span> : what.event.text}</p>
          </Said>
        )
        : <Seen what={what.event} at={at} />;
    case "bot":
      return (
        <Said author="bot" name={w.assistant} at={at} joined={joined}>
          <Texts texts={what.texts} lang={what.lang} />
          {what.shows && <Shows shows={what.shows} lang={what.lang} />}
          <Choices choices={what.choices} lang={what.lang} />
          <Reading bot={what} />
        </Said>
      );
    case "agent":
      return <Said author="agent" name={what.name} at={at} joined={joined}><p lang={theirs}><Rich text={what.text} /></p></Said>;
    case "note":
      return <Said author="note" name={w.noteBy(what.name)} at={at}><p><Named text={what.text} /></p></Said>;
    case "queued":
      return <Told icon="clock" at={at}>{w.events.queued(w.reasons[what.reason], teamName(what.team))}</Told>;
    case "offered":
      return <Told icon="bell" at={at}>{w.events.offered(what.name, clock(what.until, lang.value))}</Told>;
    case "offer_ended":
      return <Told icon="back" at={at}>{w.events.offer_ended[what.cause]}</Told>;
    case "transferred":
      return (
        <Told icon="swap" at={at}>
          {w.events.transferred(what.name, what.team, what.colleague)}
          {what.note && <q class="handed">{what.note}</q>}
        </Told>
      );
    case "snoozed":
      return <Told icon="moon" at={at}>{w.events.snoozed(moment(what.until, lang.value))}</Told>;
    case "woken":
      return <Told icon="bell" at={at}>{w.events.woken}</Told>;
    case "prioritised":
      return <Told icon="up" at={at}>{w.events.prioritised(w.priorities[what.priority])}</Told>;
    case "promise_warned":
      return <Told icon="alert" at={at}>{w.events.promise_warned(what.case)}</Told>;
    case "flagged":
      return (
        <Told icon="flag" at={at}>
          {w.events.flagged(what.name, w.abuse[what.level ?? "none"])}<q class="handed">{what.reason}</q>
        </Told>
      );
    case "call":
      return <Told icon="plug" at={at}>{w.events.call(what.call)}</Told>;
    case "call_returned":
      return <Told icon="plug" at={at}>{w.events.call_returned(what.case)}</Told>;
    case "call_failed":
      return <Told icon="alert" at={at}>{w.events.call_failed(what.why)}</Told>;
    case "closed":
      return (
        <Told icon="check" at={at}>
          {w.events.closed(w.closers[what.by] ?? what.by, w.outcomes[what.outcome])}
          {what.wrap_up && <> · {w.wrapUp}: {reasonName(what.wrap_up)}</>}
          {". "}{what.question ? w.events.question(what.question.ask) : w.events.noQuestion}
          <Because end={what} />
        </Told>
      );
    case "merged_from": case "merged_into": case "unmerged":
      return <><Told icon="swap" at={at}><Beside joint={what} /></Told>{what.kind === "merged_from" && <Beside story={what.from} />}</>;
    case "mail_failed":
      return <Told icon="alert" at={at}>{w.events.mail_failed(what.to, what.status)}</Told>;
    case "rated":
      return (
        <Told icon="thumb" at={at}>
          {w.events.rated(what.opinion ? w.kinds[what.opinion] : w.noAnswer)}
          {what.text && <q lang={theirs}>{what.text}</q>}
        </Told>
      );
  }
}

/** The server sends it as a download: the page stays. */
async function fetchFile(id: FileId): Promise<void> {
  try {
    location.assign((await api.file(id)).url);
  } catch (error) {
    failed(error);
  }
}

/** The title of a wrap-up code. */
const reasonName = (code: string): string =>
  state.value.desk?.teams.flatMap(({ wrap_up }) => wrap_up).find(([known]) => known === code)?.[1] ?? code;

/** A note in which colleagues are named. */
function Named({ text }: { text: string }) {
  const people = known.value;
  const me = person.value?.name;
  return <>{mentions(text, people).map((part, index) => (index % 2 === 1 ? <b key={index} class={`named${part === `@${me}` ? " named-me" : ""}`}>{part}</b> : part))}</>;
}

/** Who can be named, as one text: notes are drawn anew when it changes, not at each change of the desk. */
const peopleKey = computed(() => (state.value.desk?.people ?? []).map(({ name }) => name).join("\n"));
const known = computed(() => peopleKey.value.split("\n"));

const nameOf = ({ event }: AgentEvent): string => (event.kind === "agent" ? event.name : "");

function Said({ author, name, at, joined = false, children }: {
  author: Author; name: string; at: number; joined?: boolean; children: ComponentChildren;
}) {
  return (
    <article class={`said said-${author}${joined ? " is-joined" : ""}`}>
      <header>
        <time dateTime={new Date(at).toISOString()}>{clock(at, lang.value)}</time>
        <b>{author === "note" && <Icon name="note" />}{name}</b>
      </header>
      <div class="words">{children}</div>
    </article>
  );
}

const Texts = ({ texts, lang }: { texts: string[]; lang: string }) => <>{texts.map((text, index) => <p key={index} lang={lang}><Rich text={text} /></p>)}</>;

function Choices({ choices, lang }: { choices: string[]; lang: string }) {
  if (choices.length === 0) return null;
  return <ul class="choices" aria-label={words.value.buttons}>{choices.map((choice) => <li key={choice} lang={lang}>{choice}</li>)}</ul>;
}

/** How the assistant understood the turn: one chip that unfolds. */
function Reading({ bot }: { bot: Bot }) {
  const w = words.value;
  const verdict = w.verdicts[bot.verdict as keyof typeof w.verdicts];
  const best: Scored | undefined = bot.nearest.find(({ topic }) => topic === bot.topic) ?? bot.nearest[0];
  const shown = bot.topic ?? best?.topic;
  // It took an answer to a form or a button, or wrote by itself: there was nothing to read.
  if (bot.verdict === "") return null;
  return (
    <details class={`reading reading-${bot.verdict}`}>
      <summary>
        <span class="reading-topic">{shown === undefined ? "—" : topicName(shown)}</span>
        {best && <span class="reading-share">{percent(best.confidence, lang.value)}</span>}
        <span class="reading-verdict">{verdict}</span>
      </summary>
      {bot.nearest.length > 0 && (
        <table>
          <caption>{w.nearest}</caption>
          <thead class="sr"><tr><th scope="col">{w.topic}</th><th scope="col">{w.confidence}</th></tr></thead>
          <tbody>
            {bot.nearest.map(({ topic, confidence }) => (
              <tr key={topic}>
                <th scope="row">{topicName(topic)}</th>
                <td><progress max={1} value={confidence} aria-label={topicName(topic)} /> {percent(confidence, lang.value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

function Told({ icon, at, children }: { icon: IconName; at: number; children: ComponentChildren }) {
  return (
    <p class="told">
      <time dateTime={new Date(at).toISOString()}>{clock(at, lang.value)}</time>
      <span><Icon name={icon} /> {children}</span>
    </p>
  );
}

/** What the visitor saw happen. */
function Seen({ what, at }: { what: VisitorEvent; at: number }) {
  const w = words.value;
  const tell = (icon: IconName, text: string) => <Told icon={icon} at={at}>{text}</Told>;
  switch (what.kind) {
    case "session_opened":
      return (
        <>
          {tell("window", w.events.session_opened)}
          <Said author="bot" name={w.assistant} at={at}><Texts texts={what.texts} lang={what.lang} /><Choices choices={what.choices} lang={what.lang} /></Said>
        </>
      );
    case "bot":
    case "notice":
      return <Said author="bot" name={w.assistant} at={at}><Texts texts={what.texts} lang={what.lang} /><Choices choices={what.choices} lang={what.lang} /></Said>;
    case "agent":
      return <Said author="agent" name={what.name} at={at}><p>{what.text}</p></Said>;
    case "opinion":
      return <Said author="bot" name={w.events.opinion} at={at}><p>{what.text}</p><Choices choices={what.choices} lang={lang.value} /></Said>;
    case "visitor": return <Said author="visitor" name={w.visitor} at={at}><p>{what.text}</p></Said>;
    case "reopened": return tell("back", w.events.reopened);
    case "queued": return tell("clock", w.events.queued("", what.team));
    case "joined": return tell("person", w.events.joined(what.name));
    case "left": return tell("back", w.events.left[what.cause]);
    case "returned": return tell("bot", w.events.returned);
    case "promise": return tell("mail", w.events.promise(what.case, moment(what.by, lang.value), what.what));
    case "promise_moved": return tell("clock", w.events.promise_moved(what.case, moment(what.by, lang.value)));
    case "transferred": return tell("swap", w.events.transferred("", what.team));
    case "left_queue": return tell("bot", w.events.left_queue);
    case "file":
      return (
        <Said author={what.from === undefined ? "visitor" : "agent"} name={what.from ?? w.visitor} at={at}>
          <p class="attached"><Icon name="file" /> <button type="button" class="link" onClick={() => void fetchFile(what.file.id)}>{what.name}</button> <small>{size(what.file.bytes, lang.value)}</small></p>
        </Said>
      );
    case "mail_asked": return tell("mail", w.events.mail_asked(what.case));
    case "promise_kept": return tell("check", w.events.promise_kept(what.case));
    case "promise_late": return tell("alert", w.events.promise_late(what.case));
    case "closed": return tell("check", w.events.closed(w.closers[what.by] ?? what.by, w.outcomes[what.outcome]));
    case "rated": return tell("thumb", w.events.rated(what.text ?? String(what.value ?? w.noAnswer)));
    case "rating_missed": return tell("thumb", w.events.rating_missed);
    case "style": return tell("person", w.events.style(w.styles[what.style]));
    case "lang": return tell("person", w.events.lang(languageName(what.lang, lang.value)));
    case "erased": return tell("close", w.erased);
    case "hidden": return null;
  }
}

/** A line that is not an event yet. */
export function PendingLine({ act }: { act: Act }) {
  const w = words.value;
  const { frame } = act;
  if (frame.type !== "reply" && frame.type !== "note") return null;
  const name = person.value?.name ?? "";
  const isNote = frame.type === "note";
  return (
    <Said author={isNote ? "note" : "agent"} name={isNote ? w.noteBy(name) : name} at={act.at}>
      <p>{frame.text}</p>
      <p class={`pending pending-${act.step}`}>
        <Icon name={act.step === "failed" ? "alert" : act.step === "stored" ? "check" : "clock"} />
        <span>{w.steps[act.step]}{act.step === "failed" && act.code && `: ${w.refused[act.code]}`}</span>
        {act.step === "failed" && (
          <>
            <button type="button" class="link" onClick={() => sendAgain(act.id)}>{w.retry}</button>
            <button type="button" class="link" onClick={() => rewrite(frame.conversation, frame.type, frame.text, act.id)}>{w.edit}</button>
            <button type="button" class="link" onClick={() => discard(act.id)}>{w.discard}</button>
          </>
        )}
      </p>
    </Said>
  );
}
