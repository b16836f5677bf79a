// The queue: own conversations, who waits, messages that were left, and what colleagues have. Each is a slip with a stub, as at a counter:
// tearing the stub off takes the visitor.

import { useEffect, useRef } from "preact/hooks";
import type { DeskItem } from "../../protocol/types";
import { claim, lang, now, show, state, teamName, words } from "../app";
import { underWay } from "../model/outbox";
import { moment, pressure, waited } from "../model/time";
import { lists, unread } from "../model/unread";
import { languageName } from "../words";
import { excerpt } from "./excerpt";
import { Icon, REASON_ICONS } from "./icons";

export function Queue() {
  const w = words.value;
  const { mine, waiting, messages, others } = lists(state.value);
  const wait = state.value.desk?.wait;
  return (
    <section class="pane queue" aria-label={w.panes.queue} data-pane="queue">
      <div class="scroll">
        <Group title={w.mine} items={mine} empty={w.nothingMine} kind="mine" />
        <Group
          title={w.waiting} items={waiting} empty={w.nobodyWaits} kind="waiting"
          aside={wait && waiting.length > 0 ? w.expectedWait(wait.from_minutes, wait.to_minutes) : undefined}
        />
        {messages.length > 0 && <Group title={w.messages} items={messages} kind="message" />}
        {others.length > 0 && <Group title={w.others} items={others} kind="other" />}
      </div>
    </section>
  );
}

type Kind = "mine" | "waiting" | "message" | "other";

function Group({ title, items, empty, kind, aside }: {
  title: string; items: DeskItem[]; kind: Kind; empty?: string; aside?: string | undefined;
}) {
  return (
    <section class={`group group-${kind}`}>
      <h2>{title} <span class="count">{items.length}</span>{aside && <span class="aside">{aside}</span>}</h2>
      {items.length === 0
        ? <p class="empty">{empty}</p>
        : <ul>{items.map((item) => <Slip key={item.conversation} item={item} kind={kind} />)}</ul>}
    </section>
  );
}

function Slip({ item, kind }: { item: DeskItem; kind: Kind }) {
  const w = words.value;
  const open = state.value.open === item.conversation;
  const fresh = kind === "mine" ? unread(state.value, item) : 0;
  const claimable = kind === "waiting" || (kind === "message" && item.agent === undefined);
  const taking = underWay(state.value, item.conversation, "claim");
  const urgent = item.priority === "high" || item.priority === "urgent";
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (open) row.current?.scrollIntoView({ block: "nearest" });
  }, [open]);
  const stub = <Stub item={item} kind={kind} fresh={fresh} />;
  return (
    <li class={`slip${open ? " is-open" : ""}${fresh > 0 ? " is-unread" : ""}`} ref={row}>
      {claimable
        ? (
          <button type="button" class="stub stub-claim" disabled={taking} onClick={() => claim(item.conversation)}>
            {stub}
            <span class="tear">{taking ? w.claiming : w.claim}</span><span class="sr">: {excerpt(item)}</span>
          </button>
        )
        : <span class="stub">{stub}</span>}
      <button type="button" class="slip-open" aria-current={open ? "true" : undefined} onClick={() => show(item.conversation)}>
        <span class="slip-body">
          <span class="excerpt" lang={item.lang}>{excerpt(item)}</span>
          <span class="marks">
            {urgent && <span class="mark mark-bad"><Icon name="alert" /> {w.priorities[item.priority]}</span>}
            {item.returned && <span class="mark" title={w.cameBackLong}><Icon name="back" /> {w.cameBack}</span>}
            <span class="mark"><Icon name={REASON_ICONS[item.reason]} /> {w.reasons[item.reason]}</span>
            {kind === "other" && <span class="mark"><Icon name="person" /> {w.with(item.agent_name ?? "")}</span>}
            {item.promise && (
              <span class={`mark${item.promise.late ? " mark-bad" : ""}`}>
                <Icon name={item.promise.late ? "alert" : "mail"} />{" "}
                {(item.promise.late ? w.lateSince : w.dueBy)(moment(item.promise.by, lang.value))}
              </span>
            )}
            {item.promise && <span class="mark">{w.caseNumber(item.promise.case)}</span>}
            <span class="mark faint">{item.team_name || teamName(item.team)} · {languageName(item.lang, lang.value)}</span>
          </span>
        </span>
      </button>
    </li>
  );
}

/** What stands on the stub: place and waiting time, or what is unread. */
function Stub({ item, kind, fresh }: { item: DeskItem; kind: Kind; fresh: number }) {
  const w = words.value;
  const since = kind === "waiting" ? item.since : item.unanswered_since;
  return (
    <>
      {kind === "waiting" && <span class="turn"><span class="sr">{w.turn(item.position)}</span><span aria-hidden="true">{item.position}</span></span>}
      {fresh > 0 && <span class="badge"><span aria-hidden="true">{fresh}</span><span class="sr">{w.unread(fresh)}</span></span>}
      {kind === "message" && <Icon name="mail" />}
      {(kind === "mine" || kind === "other") && fresh === 0 && since === undefined && <Icon name="check" />}
      {since !== undefined && kind !== "message" && <Waiting since={since} />}
    </>
  );
}

/** A clock that goes: the only thing on the screen drawn anew each second. */
function Waiting({ since }: { since: number }) {
  const w = words.value;
  const how = pressure(since, now.value);
  const time = waited(since, now.value);
  return (
    <span class={`waiting waiting-${how}`} title={w.pressure[how]}>
      {how === "very_long" && <Icon name="alert" />}
      <span class="sr">{w.waitsFor("")}</span><span>{time}</span>
    </span>
  );
}
