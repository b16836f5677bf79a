// The conversation on the screen: its lines, what may be done with it, and the composer.

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ConversationId } from "../../protocol/types";
import { ask, handBack, lang, now, older, person, putBack, state, teamName, wake, words } from "../app";
import { type Block, blocks } from "../model/blocks";
import { pending, underWay } from "../model/outbox";
import { type ActFrame, isMine, placeOf } from "../model/state";
import { day, sameDay } from "../model/time";
import { itemOf } from "../model/unread";
import { firstWords } from "../model/words";
import { Uploads } from "./Attach";
import { Composer } from "./Composer";
import { Icon, type IconName } from "./icons";
import { Line, PendingLine } from "./Line";
import { Due } from "./Queue";
import { plain } from "./Rich";
import { when } from "./when";

/** Within this many pixels of the end the view follows new lines. */
const FOLLOW_PX = 100;
/** So near to the beginning what stands before it is fetched. */
const NEAR_TOP_PX = 40;

export function Thread() {
  const w = words.value;
  const conversation = state.value.open;
  return (
    <section class="pane thread" aria-label={w.panes.thread} data-pane="thread" id="thread" tabIndex={-1}>
      {conversation === undefined
        ? <div class="nothing"><Icon name="window" /><p>{w.choose}</p><p class="hint">{w.chooseHint}</p></div>
        : <Open key={conversation} conversation={conversation} />}
    </section>
  );
}

function Open({ conversation }: { conversation: ConversationId }) {
  const w = words.value;
  const thread = state.value.threads[conversation];
  if (!thread) return <div class="nothing" role="status"><p>{w.loading}</p></div>;
  return (
    <>
      <header class="thread-head">
        <div>
          <h2 lang={thread.card.lang}>{plain(thread.card.wants) || firstWords(thread.events) || w.visitor}</h2>
          <Holder conversation={conversation} />
        </div>
        <Acts conversation={conversation} />
      </header>
      <Log conversation={conversation} />
      <Composer conversation={conversation} />
    </>
  );
}

function Holder({ conversation }: { conversation: ConversationId }) {
  const w = words.value;
  const place = placeOf(state.value, conversation);
  const item = itemOf(state.value, conversation);
  const abuse = state.value.threads[conversation]?.card.abuse;
  const name = place.name ?? w.states.assigned;
  const text = place.state === "assigned" ? name : place.state === "offered" ? w.offeredToName(name)
    : place.state === "snoozed" ? `${name} · ${w.until(when(item?.snoozed_until ?? now.peek()))}` : w.states[place.state];
  const icon: IconName = { bot: "bot", assigned: "person", offered: "bell", snoozed: "moon", closed: "check", queued: "clock", unknown: "clock" }[place.state] as IconName;
  return (
    <p class="holder">
      <span><Icon name={icon} /> {text}</span>
      {item && <span>{teamName(item.team)}</span>}
      {item && item.priority !== "normal" && <span class={item.priority === "low" ? "" : "bad"}><Icon name="alert" /> {w.priorities[item.priority]}</span>}
      {item?.due && <Due at={item.due.at} clock={item.due.clock} />}
      {abuse && <span class="bad"><Icon name="flag" /> {w.abuse[abuse]}</span>}
    </p>
  );
}

function Acts({ conversation }: { conversation: ConversationId }) {
  const w = words.value;
  const now = state.value;
  const busy = (type: ActFrame["type"]) => underWay(now, conversation, type);
  const item = itemOf(now, conversation);
  const act = (icon: IconName, name: string, run: () => void, type?: ActFrame["type"]) => (
    <button type="button" disabled={type !== undefined && busy(type)} onClick={run}><Icon name={icon} /> {name}</button>
  );
  const more = (
    <>
      <button type="button" class="more" popovertarget="more-acts" aria-label={w.moreActs}><Icon name="more" /></button>
      <div popover="auto" id="more-acts" class="popover acts-more" role="group" aria-label={w.moreActs} onClick={(event) => {
        if ((event.target as Element).closest("button")) event.currentTarget.hidePopover();
      }}>
        {isMine(now, conversation) && act("bot", w.returnToBot, () => handBack(conversation), "return")}
        {isMine(now, conversation) && act("back", w.putBack, () => putBack(conversation), "put_back")}
        {item && act("up", w.priorityTitle, () => ask("priority"), "prioritise")}
        {act("flag", w.flagTitle, () => ask("flag"), "flag")}
      </div>
    </>
  );
  if (!isMine(now, conversation)) {
    const moves = person.value?.role !== "agent" && item?.agent !== undefined;
    return <div class="acts" role="group" aria-label={w.acts}>{moves && act("swap", w.transfer, () => ask("transfer"), "transfer")}{more}</div>;
  }
  return (
    <div class="acts" role="group" aria-label={w.acts}>
      {act("swap", w.transfer, () => ask("transfer"), "transfer")}
      {item?.snoozed_until === undefined
        ? act("moon", w.snooze, () => ask("snooze"), "snooze")
        : act("bell", w.wake, () => wake(conversation), "wake")}
      {act("clock", w.promiseAct, () => ask("promise"), "promise")}
      {act("check", w.close, () => ask("close"), "close")}
      {more}
    </div>
  );
}

function Log({ conversation }: { conversation: ConversationId }) {
  const w = words.value;
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  // The history is put in silently; only what comes later is read out.
  const live = useSignal(false);
  const missed = useSignal(0);
  const thread = state.value.threads[conversation];
  const lines = pending(state.value, conversation);
  const length = (thread?.events.length ?? 0) + lines.length;
  const before = useRef(length);
  const first = thread?.events[0]?.seq;
  /** The first line, and how far it stood above the end, when this was drawn last. */
  const top = useRef({ first, height: 0 });
  const own = useRef(lines.length);
  const drawn = useRef<readonly Block[]>([]);

  useLayoutEffect(() => {
    const view = box.current;
    if (!view) return;
    // Who writes wants to see what they wrote, wherever they were reading.
    if (lines.length > own.current) following.current = true;
    own.current = lines.length;
    const { scrollHeight } = view;
    if (following.current) view.scrollTop = scrollHeight;
    // Earlier lines came in above: what was being read stays where it is.
    else if (first !== top.current.first) view.scrollTop += scrollHeight - top.current.height;
    else if (length > before.current) missed.value += length - before.current;
    before.current = length;
    top.current = { first, height: scrollHeight };
  });
  useEffect(() => {
    live.value = true;
    const view = box.current;
    if (!view) return undefined;
    // A pane that was hidden or resized forgets where it was.
    const resized = new ResizeObserver(() => {
      if (following.current) view.scrollTop = view.scrollHeight;
    });
    resized.observe(view);
    return () => resized.disconnect();
  }, []);

  if (!thread) return null;
  drawn.current = blocks(thread.events, drawn.current);
  const toEnd = () => {
    following.current = true;
    missed.value = 0;
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  return (
    <div class="log-box">
      <div
        class="log scroll" role="log" aria-label={w.log} aria-live={live.value ? "polite" : "off"} tabIndex={0} ref={box}
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
          following.current = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
          if (following.current) missed.value = 0;
          else if (scrollTop < NEAR_TOP_PX) older(conversation);
        }}
      >
        {thread.older && <button type="button" class="older" onClick={() => older(conversation)}>{w.older}</button>}
        {drawn.current.map((block) => <Lines key={block.key} block={block} theirs={thread.card.lang} />)}
        {lines.map((act) => <PendingLine key={act.id} act={act} />)}
        <Uploads conversation={conversation} />
      </div>
      {missed.value > 0 && <button type="button" class="to-end" onClick={toEnd}>{w.newBelow(missed.value)}</button>}
      <Typing conversation={conversation} />
    </div>
  );
}

/** Some lines of the thread. Drawn anew when one of them is new. */
function Lines({ block, theirs }: { block: Block; theirs: string }) {
  const tag = lang.value;
  return (
    <div class="block">
      {block.events.map((event, index) => {
        const last = index === 0 ? block.before : block.events[index - 1];
        return [
          (!last || !sameDay(last.at, event.at)) && <p class="day" key={`day${event.seq}`}><span>{day(event.at, tag)}</span></p>,
          <Line key={event.seq} event={event} lang={theirs} before={last} />,
        ];
      })}
    </div>
  );
}

function Typing({ conversation }: { conversation: ConversationId }) {
  const w = words.value;
  const typing = state.value.threads[conversation]?.typing;
  const shown = typing && typing.until > now.value;
  return (
    <p class="typing" role="status">
      {shown && (typing.name === undefined ? w.visitorTyping : w.colleagueTyping(typing.name))}
    </p>
  );
}
