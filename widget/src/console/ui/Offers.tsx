// What is offered to this agent: on every page, with the time that is left, to be taken with one key or let pass.

import { useEffect, useRef } from "preact/hooks";
import type { DeskItem } from "../../protocol/types";
import { claim, decline, now, setStatus, state, teamName, topicName, words } from "../app";
import { underWay } from "../model/outbox";
import { waited } from "../model/time";
import { lists } from "../model/unread";
import { excerpt } from "./excerpt";
import { Handed } from "./Handed";
import { Icon } from "./icons";

/** More than these are in the queue pane alone. */
const SHOWN = 3;

export function Offers() {
  const { offered } = lists(state.value);
  return (
    <div class="offers">
      {offered.slice(0, SHOWN).map((item, index) => <Offer key={item.conversation} item={item} first={index === 0} />)}
      <Paused />
    </div>
  );
}

function Offer({ item, first }: { item: DeskItem; first: boolean }) {
  const w = words.value;
  const taking = underWay(state.value, item.conversation, "claim");
  const passing = underWay(state.value, item.conversation, "decline");
  return (
    <section class="offer" aria-label={w.offer}>
      <p class="offer-what" role="alert">
        <b><Icon name="bell" /> {w.offeredTo(item.topic ? topicName(item.topic) : w.reasons[item.reason])}</b>
        <span>{[teamName(item.team), ...(item.skills ?? [])].join(" · ")}</span>
        <Since at={item.since} />
        {item.handed && <span class="offer-note"><Icon name="swap" /> <Handed handed={item.handed} /></span>}
        <span class="offer-words" lang={item.lang}>{excerpt(item)}</span>
      </p>
      <div class="offer-acts">
        {item.offered_until !== undefined && <Countdown until={item.offered_until} />}
        <button type="button" class="primary" disabled={taking || passing} onClick={() => claim(item.conversation)}>
          <Icon name="hand" /> {taking ? w.claiming : w.accept} {first && <kbd aria-hidden="true">A</kbd>}
        </button>
        <button type="button" disabled={taking || passing} onClick={() => decline(item.conversation)}>
          {w.pass} {first && <kbd aria-hidden="true">D</kbd>}
        </button>
      </div>
    </section>
  );
}

/** Fixed when the offer came: read out once, not each second. */
function Since({ at }: { at: number }) {
  const come = useRef(now.peek());
  return <span>{words.value.waitsFor(waited(at, come.current))}</span>;
}

function Countdown({ until }: { until: number }) {
  const w = words.value;
  const left = Math.max(0, Math.ceil((until - now.value) / 1000));
  const whole = useRef(Math.max(1, left));
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    bar.current?.style.setProperty("--left", String(Math.min(1, left / whole.current)));
  }, [left]);
  return <span class="countdown" title={w.leftToAccept(left)}><span class="countdown-bar" ref={bar} aria-hidden="true" /> <Icon name="clock" /> {left} s</span>;
}

/** After offers that nobody answered the server offers nothing more: one tap says that somebody is there. */
function Paused() {
  const w = words.value;
  const { desk, me } = state.value;
  const mine = desk?.people.find((one) => one.id === me?.id);
  if (!mine?.paused) return null;
  return (
    <section class="offer offer-paused" aria-label={w.paused}>
      <p class="offer-what" role="alert"><b><Icon name="alert" /> {w.paused}</b> <span>{w.pausedLead}</span></p>
      <div class="offer-acts"><button type="button" class="primary" onClick={() => setStatus("online")}>{w.backAgain}</button></div>
    </section>
  );
}
