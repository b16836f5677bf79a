// The handoff card: what an agent needs to know before the first word.

import type { ComponentChildren } from "preact";
import type { AgentEvent, Card, ConversationId } from "../../protocol/types";
import { lang, state, words } from "../app";
import { placeOf } from "../model/state";
import { firstWords } from "../model/words";
import { languageName } from "../words";
import { Beside } from "./Beside";
import { Icon, REASON_ICONS } from "./icons";
import { later } from "./later";
import { plain } from "./Rich";

const Owed = later<{ conversation: ConversationId; card: Card }>(() => import("./Owed").then(({ Owed }) => Owed));

export function Context() {
  const w = words.value;
  const conversation = state.value.open;
  const card = conversation === undefined ? undefined : state.value.threads[conversation]?.card;
  return (
    <aside class="pane context" aria-label={w.panes.context} data-pane="context">
      {!card || conversation === undefined
        ? <p class="empty">{w.nothingYet}</p>
        : (
          <div class="scroll card" tabIndex={0} role="group" aria-label={w.contextLabel}>
            <section class="card-wants">
              <h2>{w.wants}</h2>
              <Wants card={card} events={state.value.threads[conversation]?.events ?? []} />
            </section>
            {(card.abuse || card.promises.length > 0) && <Owed conversation={conversation} card={card} />}
            {card.related && <Beside key={conversation} conversation={conversation} related={card.related} />}
            {card.contact && <Part title={w.contact}><p class="value">{card.contact}</p>{card.mail_failed && <p class="bad"><Icon name="alert" /> {w.mailFailed(card.mail_failed)}</p>}</Part>}
            {(card.reason || card.failures > 0 || card.angry) && (
              <Part title={w.why}>
                {card.reason && <p><Icon name={REASON_ICONS[card.reason]} /> {w.reasons[card.reason]}</p>}
                {card.failures > 0 && <p class="faint">{w.failuresBefore(card.failures)}</p>}
                {card.angry && <p class="bad"><Icon name="alert" /> {w.angry}</p>}
              </Part>
            )}
            <Part title={w.data}>
              {card.data.length === 0
                ? <p class="faint">{w.nothingYet}</p>
                : <dl>{card.data.map(([name, value]) => <Fact key={name} name={card.called?.[name] ?? slotName(name)}><span class="value">{plain(value)}</span></Fact>)}</dl>}
              {card.verified.length > 0 && (
                <p class="good"><Icon name="check" /> {w.verified}: {card.verified.map((check) => w.checks[check] ?? check).join(", ")}</p>
              )}
            </Part>
            {card.tried.length > 0 && (
              <Part title={w.tried}><ul>{card.tried.map((topic) => <li key={topic} lang={card.lang}>{topic}</li>)}</ul></Part>
            )}
            <Part title={w.journey}>
              <dl>
                {card.stage && <Fact name={w.stage}>{w.stages[card.stage]}</Fact>}
                {card.touchpoint && <Fact name={w.touchpoint}>{card.touchpoint}</Fact>}
                {card.page && <Fact name={w.page}>{card.page}</Fact>}
                <Fact name={w.site}>{card.site}</Fact>
                <Fact name={w.channel}>{w.channels[card.channel] ?? card.channel}</Fact>
                <Fact name={w.language}>{languageName(card.lang, lang.value)}</Fact>
                <Fact name={w.style}>{w.styles[card.style]}</Fact>
                <Fact name={w.mood}>{card.angry ? w.angry : w.calm}</Fact>
                <Holder conversation={conversation} />
              </dl>
            </Part>
          </div>
        )}
    </aside>
  );
}

/** The topic, and how the visitor put it. */
function Wants({ card, events }: { card: Card; events: readonly AgentEvent[] }) {
  const own = firstWords(events);
  const topic = plain(card.wants);
  return (
    <>
      {topic !== own && topic !== "" && <p>{topic}</p>}
      {own !== undefined && <p class="own-words" lang={card.lang}><q>{own}</q></p>}
      {own === undefined && topic === "" && <p>{words.value.nothingYet}</p>}
    </>
  );
}

/** The name of a slot as people say it; one that only the topic files know is shown as it stands there. */
const slotName = (name: string): string => words.value.slots[name] ?? name.replaceAll("_", " ");

function Holder({ conversation }: { conversation: string }) {
  const w = words.value;
  const place = placeOf(state.value, conversation);
  return <Fact name={w.holder}>{place.state === "assigned" ? place.name ?? w.states.assigned : w.states[place.state]}</Fact>;
}

const Part = ({ title, children }: { title: string; children: ComponentChildren }) => <section><h2>{title}</h2>{children}</section>;

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => <div><dt>{name}</dt><dd>{children}</dd></div>;
