// What goes on now, for whoever leads: who waits and for how long, who is on and how loaded, what is at risk, and the hand to change it.

import type { ComponentChildren } from "preact";
import type { DeskItem, DeskPerson } from "../../protocol/types";
import { ask, cause, claim, dialog, now, person, show, state, teamName, topicName, words } from "../app";
import { causes } from "../model/causes";
import { atRisk } from "../model/sla";
import { isOffered, isReview } from "../model/state";
import { waited } from "../model/time";
import { excerpt } from "../ui/excerpt";
import { Icon, type IconName } from "../ui/icons";
import { Due, Waiting } from "../ui/Queue";
import { owed, when } from "../ui/when";

export function Now() {
  const w = words.value;
  const desk = state.value.desk;
  if (!desk) return <p class="empty" role="status">{w.connecting}</p>;
  const { waiting, messages, assigned, people, teams, orphans } = desk;
  const on = people.filter((one) => one.present);
  return (
    <>
      <header class="page-head"><h1>{w.pages.now}</h1></header>
      <Sums waiting={waiting} messages={messages} assigned={assigned} people={on} />
      <p class={orphans === 0 ? "all-good" : "bad orphans"} role="status">
        <Icon name={orphans === 0 ? "check" : "alert"} /> {orphans === 0 ? w.noOrphans : w.orphans(orphans)}
      </p>
      <Together items={waiting.filter((item) => !isOffered(item))} />
      <List title={w.waiting} items={waiting} empty={w.nobodyWaits} />
      <section>
        <h2>{w.team} <span class="count">{on.length}</span></h2>
        {on.length === 0 ? <p class="empty">{w.nobodyOn}</p> : <ul class="cards">{on.map((one) => <Somebody key={one.id} one={one} />)}</ul>}
      </section>
      <section>
        <h2>{w.teams}</h2>
        <ul class="cards">
          {teams.map(({ id, waiting }) => {
            const there = on.filter((one) => one.status === "online" && !one.paused && (one.teams.length === 0 || one.teams.includes(id)));
            const free = there.reduce((sum, one) => sum + Math.max(0, one.capacity - one.busy), 0);
            return (
              <li key={id} class="card-line">
                <b>{teamName(id)}</b>
                <span>{w.teamWaiting(waiting)} · {w.teamOn(there.length, free)}</span>
                {waiting > 0 && there.length === 0 && <span class="bad"><Icon name="alert" /> {w.teamAlone}</span>}
              </li>
            );
          })}
        </ul>
      </section>
      {messages.length > 0 && <List title={w.messages} items={messages} />}
      {assigned.length > 0 && <List title={w.inHand} items={assigned} />}
    </>
  );
}

function Sums({ waiting, messages, assigned, people }: { waiting: DeskItem[]; messages: DeskItem[]; assigned: DeskItem[]; people: DeskPerson[] }) {
  const w = words.value;
  const oldest = waiting.reduce((first, item) => Math.min(first, item.since), Infinity);
  const late = atRisk([...waiting, ...assigned], now.value);
  const busy = people.reduce((sum, one) => sum + one.busy, 0);
  const room = people.reduce((sum, one) => sum + one.capacity, 0);
  const sum = (icon: IconName, name: string, value: ComponentChildren, bad = false) => (
    <div class={`total${bad ? " total-negative" : ""}`}><dt><Icon name={icon} /> {name}</dt><dd>{value}</dd></div>
  );
  return (
    <dl class="totals" aria-label={w.pages.now}>
      {sum("person", w.sums.waiting, waiting.length)}
      {sum("clock", w.sums.oldest, waiting.length === 0 ? "—" : waited(oldest, now.value))}
      {sum("alert", w.sums.risk, late, late > 0)}
      {sum("mail", w.sums.owed, messages.length)}
      {sum("hand", w.sums.load, w.loadShort(busy, room))}
    </dl>
  );
}

/** Many who wait over the same thing. */
function Together({ items }: { items: DeskItem[] }) {
  const w = words.value;
  return (
    <>
      {causes(items).map(({ topic, items }) => (
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

function List({ title, items, empty }: { title: string; items: DeskItem[]; empty?: string }) {
  return (
    <section>
      <h2>{title} <span class="count">{items.length}</span></h2>
      {items.length === 0 ? <p class="empty">{empty}</p> : <ul class="cards">{items.map((item) => <Item key={item.conversation} item={item} />)}</ul>}
    </section>
  );
}

function Item({ item }: { item: DeskItem }) {
  const w = words.value;
  const waits = item.position > 0;
  const mine = item.agent === person.value?.id;
  const since = waits ? item.since : item.unanswered_since;
  return (
    <li class="card-line">
      <p class="card-head">
        {waits && <b class="turn">{item.position}</b>}
        {since !== undefined && <Waiting since={since} />}
        <span class="excerpt" lang={item.lang}>{excerpt(item)}</span>
      </p>
      <p class="marks">
        <span class="mark"><b>{teamName(item.team)}</b></span>
        <span class={isReview(item) ? "mark mark-bad" : "mark"}>{isReview(item) ? w.promiseKinds.appeal : item.topic ? topicName(item.topic) : w.reasons[item.reason]}</span>
        {item.agent_name && <span class="mark"><Icon name="person" /> {isOffered(item) ? w.offeredToName(item.agent_name) : item.agent_name}</span>}
        {item.due && <Due at={item.due.at} clock={item.due.clock} />}
        {item.priority !== "normal" && <span class={item.priority === "low" ? "mark" : "mark mark-bad"}><Icon name="alert" /> {w.priorities[item.priority]}</span>}
        {item.snoozed_until !== undefined && <span class="mark"><Icon name="moon" /> {w.until(when(item.snoozed_until))}</span>}
        {item.promise && <span class={`mark${item.promise.late ? " mark-bad" : ""}`}><Icon name="mail" /> {owed(item.promise)}</span>}
      </p>
      <p class="card-acts">
        <button type="button" onClick={() => show(item.conversation)}>{w.openTalk}</button>
        {!mine && item.agent === undefined && !isReview(item)
          && <button type="button" class="primary" onClick={() => claim(item.conversation)}><Icon name="hand" /> {w.claim}</button>}
        {(waits || item.agent !== undefined) && <button type="button" onClick={() => ask("transfer", item.conversation)}><Icon name="swap" /> {w.reassign}</button>}
        <button type="button" onClick={() => ask("priority", item.conversation)}><Icon name="up" /> {w.priorityShort}</button>
      </p>
    </li>
  );
}

function Somebody({ one }: { one: DeskPerson }) {
  const w = words.value;
  return (
    <li class="card-line">
      <p class="card-head"><i class={`dot dot-${one.status}`} aria-hidden="true" /> <b>{one.name}</b> <span class="faint">{one.paused ? w.pausedShort : w.statuses[one.status]}</span></p>
      <p class="load">
        <progress max={Math.max(1, one.capacity)} value={Math.min(one.busy, one.capacity)} aria-label={w.loadOf(one.busy, one.capacity)} />
        {" "}{w.loadOf(one.busy, one.capacity)}{one.load > one.busy && ` · ${w.load(one.load)}`}
      </p>
      {one.teams.length > 0 && <p class="faint">{one.teams.map(teamName).join(", ")}</p>}
    </li>
  );
}
