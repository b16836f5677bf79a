// The queue: what is offered, one's own conversations, who waits, answers that are owed, what was put aside, and what colleagues have. Each is a
// slip with a stub, as at a counter: tearing the stub off takes the visitor. A slip is drawn anew only when something of its own changes.

import { useEffect, useRef } from "preact/hooks";
import type { DeskItem } from "../../protocol/types";
import { cause, claim, dialog, lang, now, show, state, teamName, topicName, words } from "../app";
import { causes } from "../model/causes";
import { underWay } from "../model/outbox";
import { risk } from "../model/sla";
import { isOffered, isReview } from "../model/state";
import { pressure, waited } from "../model/time";
import { isBack, lists, unread } from "../model/unread";
import { folded, team } from "../prefs";
import { languageName } from "../words";
import { excerpt } from "./excerpt";
import { Handed } from "./Handed";
import { Icon, REASON_ICONS } from "./icons";
import { owed, when } from "./when";

export function Queue() {
  const w = words.value;
  const { offered, mine, waiting, messages, snoozed, others } = lists(state.value, team.value);
  const wait = state.value.desk?.wait;
  return (
    <section class="pane queue" aria-label={w.panes.queue} data-pane="queue">
      <Filter />
      <div class="scroll">
        {offered.length > 0 && <Group title={w.offered} items={offered} kind="offered" />}
        <Group title={w.mine} items={mine} empty={w.nothingMine} kind="mine" />
        <Group
          title={w.waiting} items={waiting} empty={w.nobodyWaits} kind="waiting"
          aside={wait && waiting.length > 0 ? w.expectedWait(wait.from_minutes, wait.to_minutes) : undefined}
        />
        {messages.length > 0 && <Group title={w.messages} items={messages} kind="message" />}
        {snoozed.length > 0 && <Group title={w.snoozed} items={snoozed} kind="snoozed" />}
        {others.length > 0 && <Group title={w.others} items={others} kind="other" />}
      </div>
    </section>
  );
}

/** Of which team what waits is shown. Not there where there is one team. */
function Filter() {
  const w = words.value;
  const teams = state.value.desk?.teams ?? [];
  if (teams.length < 2) return null;
  return (
    <label class="inline queue-filter">
      {w.teamFilter}
      <select value={team.value ?? ""} onChange={(event) => (team.value = event.currentTarget.value || undefined)}>
        <option value="">{w.everyTeam}</option>
        {teams.map((one) => <option key={one.id} value={one.id}>{teamName(one.id)}{one.waiting > 0 ? ` (${one.waiting})` : ""}</option>)}
      </select>
    </label>
  );
}

type Kind = "offered" | "mine" | "waiting" | "message" | "snoozed" | "other";

function Group({ title, items, empty, kind, aside }: {
  title: string; items: DeskItem[]; kind: Kind; empty?: string; aside?: string | undefined;
}) {
  const now = state.value;
  const away = folded.value.includes(kind);
  const fold = () => (folded.value = away ? folded.value.filter((one) => one !== kind) : [...folded.value, kind]);
  return (
    <section class={`group group-${kind}`}>
      <h2>
        <button type="button" class="fold" aria-expanded={!away} onClick={fold}>{title} <span class="count">{items.length}</span></button>
        {aside && <span class="aside">{aside}</span>}
      </h2>
      {!away && kind === "waiting" && <Causes items={items.filter((item) => !isOffered(item))} />}
      {!away && (items.length === 0 ? <p class="empty">{empty}</p> : <ul>
            {items.map((item) => (
              // What a slip shows of the state is looked up here, so that the slip itself need not look at all of it.
              <Slip
                key={item.conversation} item={item} kind={kind} open={now.open === item.conversation} words={excerpt(item)}
                fresh={kind === "mine" || kind === "snoozed" ? unread(now, item) : 0} back={kind === "mine" && isBack(now, item)} taking={underWay(now, item.conversation, "claim")}
              />
            ))}
          </ul>)}
    </section>
  );
}

/** Many who wait over the same thing can be answered together. */
function Causes({ items }: { items: DeskItem[] }) {
  const w = words.value;
  return (
    <>
      {causes(items).slice(0, 3).map(({ topic, items }) => (
        <p key={topic} class="cause">
          <span><Icon name="stack" /> {w.sameCause(items.length)} <b>{topicName(topic)}</b></span>
          <button type="button" onClick={() => {
            cause.value = topic;
            dialog.value = "cause";
          }}>{w.answerTogether}</button>
        </p>
      ))}
    </>
  );
}

function Slip({ item, kind, open, fresh, back, taking, words: said }: {
  item: DeskItem; kind: Kind; open: boolean; fresh: number; back: boolean; taking: boolean; words: string;
}) {
  const w = words.value;
  const claimable = kind === "offered" || (kind === "waiting" && !isOffered(item))
    || (kind === "message" && item.agent === undefined && !isReview(item));
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (open) row.current?.scrollIntoView({ block: "nearest" });
  }, [open]);
  const stub = <Stub item={item} kind={kind} fresh={fresh} />;
  return (
    <li class={`slip${open ? " is-open" : ""}${fresh > 0 || back ? " is-unread" : ""}`} ref={row}>
      {claimable
        ? (
          <button type="button" class="stub stub-claim" disabled={taking} onClick={() => claim(item.conversation)}>
            {stub}
            <span class="tear">{taking ? w.claiming : kind === "offered" ? w.accept : w.claim}</span><span class="sr">: {said}</span>
          </button>
        )
        : <span class="stub">{stub}</span>}
      <button type="button" class="slip-open" aria-current={open ? "true" : undefined} onClick={() => show(item.conversation)}>
        <span class="slip-body">
          <span class="excerpt" lang={item.lang}>{said}</span>
          <Marks item={item} kind={kind} back={back} />
        </span>
      </button>
    </li>
  );
}

function Marks({ item, kind, back }: { item: DeskItem; kind: Kind; back: boolean }) {
  const w = words.value;
  const pressing = item.priority === "high" || item.priority === "urgent";
  const promised = item.promise;
  return (
    <span class="marks">
      {pressing && <span class="mark mark-bad"><Icon name="alert" /> {w.priorities[item.priority]}</span>}
      {item.priority === "low" && <span class="mark">{w.priorities.low}</span>}
      {kind === "waiting" && isOffered(item) && <span class="mark"><Icon name="bell" /> {w.offeredToName(item.agent_name ?? "")}</span>}
      {item.snoozed_until !== undefined && <span class="mark"><Icon name="moon" /> {w.until(when(item.snoozed_until))}</span>}
      {back && <span class="mark"><Icon name="bell" /> {w.returned}</span>}
      {item.due && <Due at={item.due.at} clock={item.due.clock} />}
      {kind === "waiting" && item.handed && <span class="mark"><Icon name="swap" /> <Handed handed={item.handed} /></span>}
      {kind === "waiting" && item.returned && !item.handed && <span class="mark" title={w.cameBackLong}><Icon name="back" /> {w.cameBack}</span>}
      {kind === "other" && <span class="mark"><Icon name="person" /> {w.with(item.agent_name ?? "")}</span>}
      {promised && (
        <span class={`mark${promised.late ? " mark-bad" : ""}`}>
          <Icon name={promised.late ? "alert" : "mail"} /> {owed(promised)}
        </span>
      )}
      {promised && <span class="mark">{w.caseNumber(promised.case)}</span>}
      {isReview(item) ? <span class="mark mark-bad"><Icon name="flag" /> {w.promiseKinds.appeal}</span> : <span class="mark"><Icon name={REASON_ICONS[item.reason]} /> {item.topic ?? w.reasons[item.reason]}</span>}
      <span class="mark faint">{[teamName(item.team), ...(item.skills ?? [])].join(" · ")} · {languageName(item.lang, lang.value)}</span>
    </span>
  );
}

/** What the team means to do by when, which nobody promised: an hour, and a word where it is near or past. */
export function Due({ at, clock: which }: { at: number; clock: "first_response" | "next_response" | "resolution" }) {
  const w = words.value;
  const how = risk(at, now.value);
  return (
    <span class={`mark${how === "fine" ? "" : how === "near" ? " mark-warn" : " mark-bad"}`}>
      <Icon name={how === "fine" ? "clock" : "alert"} /> {w.due[how]}, {w.clocks[which]}: {when(at)}
    </span>
  );
}

/** What stands on the stub: place and waiting time, or what is unread. */
function Stub({ item, kind, fresh }: { item: DeskItem; kind: Kind; fresh: number }) {
  const w = words.value;
  const since = kind === "waiting" || kind === "offered" ? item.since : item.unanswered_since;
  return (
    <>
      {kind === "waiting" && <span class="turn"><span class="sr">{w.turn(item.position)}</span><span aria-hidden="true">{item.position}</span></span>}
      {kind === "offered" && <Icon name="bell" />}
      {fresh > 0 && <span class="badge"><span aria-hidden="true">{fresh}</span><span class="sr">{w.unread(fresh)}</span></span>}
      {kind === "message" && <Icon name="mail" />}
      {kind === "snoozed" && fresh === 0 && <Icon name="moon" />}
      {(kind === "mine" || kind === "other") && fresh === 0 && since === undefined && <Icon name="check" />}
      {since !== undefined && kind !== "message" && <Waiting since={since} />}
    </>
  );
}

/** A clock that goes: the only thing on the screen drawn anew each second. */
export function Waiting({ since }: { since: number }) {
  const w = words.value;
  const how = pressure(since, now.value);
  const time = waited(since, now.value);
  return (
    <span class={`waiting waiting-${how}`} title={w.pressure[how]}>
      <Icon name={how === "very_long" ? "alert" : "clock"} />
      <span class="sr">{w.waitsFor("")}</span><span>{time}</span>
      {how !== "fresh" && <span class="sr">, {w.pressure[how]}</span>}
    </span>
  );
}
