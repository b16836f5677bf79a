// What is owed to a visitor: what was promised, by when, and what can be done about it. A block of the visitor, and the review of one.

import type { ComponentChildren } from "preact";
import type { Card, ConversationId, PromiseCard } from "../../protocol/types";
import { ask, flag, keepPromise, lang, moving, person, state, words } from "../app";
import { underWay } from "../model/outbox";
import { isMine } from "../model/state";
import { Icon } from "./icons";
import { owedWords } from "./owedWords";
import { when } from "./when";

/** The sections of the handoff card. */
export function Owed({ conversation, card }: { conversation: ConversationId; card: Card }) {
  const w = words.value;
  const o = owedWords(lang.value);
  const { abuse, promises } = card;
  const review = promises.some(({ kind }) => kind === "appeal");
  return (
    <>
      {abuse && (
        <section class="card-promise is-late">
          <h2><Icon name="flag" /> {w.abuse[abuse]}</h2>
          <p>{w.abuseHints[abuse]}</p>
          {!review && <dl><ShutOut card={card} /></dl>}
        </section>
      )}
      {promises.length > 0 && (
        <section class={`card-promise${promises.some(({ late }) => late) ? " is-late" : ""}`}>
          <h2><Icon name="mail" /> {o.title(promises.length)}</h2>
          <Promises conversation={conversation} promises={promises} card={card} mine={isMine(state.value, conversation)} />
        </section>
      )}
    </>
  );
}

/** `mine`: the conversation is in this agent's hands. */
export function Promises({ conversation, promises, card, mine = true }: {
  conversation: ConversationId; promises: readonly PromiseCard[]; card?: Card | undefined; mine?: boolean;
}) {
  const o = owedWords(lang.value);
  return (
    <ul class="promises">
      {promises.map((one) => (
        <li key={one.case} class={one.late ? "is-late" : undefined}>
          <p><b>{words.value.promiseKinds[one.kind]}</b></p>
          <dl>
            {one.what !== undefined && <Fact name={o.what[one.kind]}>{one.what}</Fact>}
            {one.kind === "appeal" && card && <ShutOut card={card} />}
            <Fact name={one.kind === "call_back" ? o.call : one.late ? o.late : o.by}><Icon name={one.late ? "alert" : "clock"} /> {when(one.by)}</Fact>
            <Fact name={o.caseNumber}>{one.case}</Fact>
          </dl>
          {one.kind === "appeal" ? <Decision conversation={conversation} /> : mine && (
            <p class="promise-acts">
              <button type="button" onClick={() => keepPromise(conversation, one.case)}><Icon name="check" /> {o.kept[one.kind]}</button>
              <button type="button" onClick={() => {
                moving.value = one.case;
                ask("promise", conversation);
              }}><Icon name="clock" /> {o.move}</button>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Who flagged or blocked, when and why. */
function ShutOut({ card: { abuse, shut_out: by } }: { card: Card }) {
  const o = owedWords(lang.value);
  if (!abuse || !by) return null;
  return (
    <>
      <Fact name={o.who[abuse]}>{by.name}, {when(by.at)}</Fact>
      {by.reason !== "" && <Fact name={o.why}>{by.reason}</Fact>}
    </>
  );
}

/** The end of a review: for those who lead. */
function Decision({ conversation }: { conversation: ConversationId }) {
  const o = owedWords(lang.value);
  if (person.value?.role === "agent") return <p class="hint">{o.leadDecides}</p>;
  const busy = underWay(state.value, conversation, "flag");
  return (
    <>
      <p class="promise-acts">
        <button type="button" disabled={busy} onClick={() => flag(conversation, "blocked", o.keptBecause)}><Icon name="flag" /> {o.keepBlock}</button>
        <button type="button" disabled={busy} onClick={() => flag(conversation, undefined, o.liftedBecause)}><Icon name="check" /> {o.liftBlock}</button>
      </p>
      <p class="hint">{o.decides}</p>
    </>
  );
}

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => <div><dt>{name}</dt><dd>{children}</dd></div>;
