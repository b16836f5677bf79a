// What visitors answered to the closing question: the negative ones first, as the lead's list, then all with filters.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { OpinionKind } from "../../protocol/types";
import { type Answer, type Answers, api } from "../api";
import { failed, lang, show, teamName, topicName, words } from "../app";
import { moment } from "../model/time";
import { Icon } from "../ui/icons";

const KINDS: readonly OpinionKind[] = ["negative", "still_stuck", "incident", "doubt", "suggestion", "neutral", "positive"];

const same = (a: Answer, b: Answer): boolean => a.conversation === b.conversation && a.seq === b.seq;

/** Answers that somebody has to look after. */
const OWED: readonly OpinionKind[] = ["negative", "still_stuck", "incident", "doubt"];
const owed = (answer: Answer): boolean => answer.kind !== null && OWED.includes(answer.kind) && !answer.handled;

/** All answers of a kind that nobody has looked after: page by page, for none may be missed. */
async function everyOpen(kind: OpinionKind): Promise<Answer[]> {
  const answers: Answer[] = [];
  let after: string | number | undefined;
  do {
    const page = await api.feedback(kind, after, false);
    answers.push(...page.answers);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return answers.filter(owed);
}

export function Feedback() {
  const w = words.value;
  const kind = useSignal<OpinionKind | undefined>(undefined);
  const all = useSignal<Answers | undefined>(undefined);
  const todo = useSignal<Answer[]>([]);

  const load = async (after?: string | number) => {
    try {
      const wanted = kind.value;
      const page = await api.feedback(wanted, after);
      // Another filter was chosen meanwhile.
      if (wanted !== kind.value) return;
      all.value = after !== undefined && all.value ? { ...page, answers: [...all.value.answers, ...page.answers] } : page;
    } catch (error) {
      failed(error);
    }
  };
  const loadTodo = async () => {
    try {
      const kinds = await Promise.all(OWED.map(everyOpen));
      todo.value = kinds.flat().sort((a, b) => a.at - b.at);
    } catch (error) {
      failed(error);
    }
  };
  useEffect(() => void load(), [kind.value]);
  useEffect(() => void loadTodo(), []);

  const done = async (answer: Answer) => {
    try {
      await api.handled(answer);
      todo.value = todo.value.filter((one) => !same(one, answer));
      if (all.value) {
        all.value = { ...all.value, answers: all.value.answers.map((one) => (same(one, answer) ? { ...one, handled: true } : one)) };
      }
    } catch (error) {
      failed(error);
    }
  };

  return (
    <>
      <header class="page-head"><h1>{w.pages.feedback}</h1><p class="lead">{w.feedbackLead}</p></header>
      {all.value && <Totals totals={all.value.totals} />}
      <section>
        <h2>{w.toHandle} <span class="count">{todo.value.length}</span></h2>
        {todo.value.length === 0
          ? <p class="empty"><Icon name="check" /> {w.toHandleNone}</p>
          : <Table answers={todo.value} caption={w.toHandle} done={done} />}
      </section>
      <section>
        <div class="section-head">
          <h2>{w.allAnswers}</h2>
          <label class="inline">
            {w.filter}
            <select value={kind.value ?? ""} onChange={(event) => (kind.value = KINDS.find((one) => one === event.currentTarget.value))}>
              <option value="">{w.everything}</option>
              {KINDS.map((one) => <option key={one} value={one}>{w.kinds[one]}</option>)}
            </select>
          </label>
        </div>
        {all.value?.answers.length === 0 && <p class="empty">{w.emptyAnswers}</p>}
        {all.value && all.value.answers.length > 0 && <Table answers={all.value.answers} caption={w.allAnswers} done={done} />}
        {all.value?.next && <button type="button" onClick={() => void load(all.value?.next ?? undefined)}>{w.more}</button>}
      </section>
    </>
  );
}

function Totals({ totals }: { totals: Answers["totals"] }) {
  const w = words.value;
  const kinds = Object.keys(w.totals) as (keyof Answers["totals"])[];
  return (
    <dl class="totals" aria-label={w.totalsLabel}>
      {kinds.map((kind) => (
        <div key={kind} class={`total total-${kind}`}><dt>{w.totals[kind]}</dt><dd>{totals[kind].toLocaleString(lang.value)}</dd></div>
      ))}
    </dl>
  );
}

function Table({ answers, caption, done }: { answers: Answer[]; caption: string; done: (answer: Answer) => Promise<void> }) {
  const w = words.value;
  return (
    <div class="table-box" tabIndex={0} role="group" aria-label={caption}>
      <table class="table">
        <caption class="sr">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{w.columns.when}</th><th scope="col">{w.columns.kind}</th><th scope="col">{w.columns.said}</th>
            <th scope="col">{w.columns.about}</th><th scope="col">{w.columns.who}</th><th scope="col">{w.columns.outcome}</th>
            <th scope="col">{w.columns.act}</th>
          </tr>
        </thead>
        <tbody>
          {answers.map((answer) => (
            <tr key={`${answer.conversation}${answer.seq}`}>
              <td data-name={w.columns.when}><time dateTime={new Date(answer.at).toISOString()}>{moment(answer.at, lang.value)}</time></td>
              <td data-name={w.columns.kind}><span class={`kind kind-${answer.kind ?? "none"}`}>{answer.kind ? w.kinds[answer.kind] : w.noAnswer}</span></td>
              <td data-name={w.columns.said} class="said-cell">
                {answer.label && <b class="tapped">{answer.label}</b>}
                {answer.text && <q>{answer.text}</q>}
                <small>{answer.ask} · {w.readBy(teamName(answer.team))}</small>
              </td>
              <td data-name={w.columns.about}>{answer.topic ? topicName(answer.topic) : "—"}</td>
              <td data-name={w.columns.who}>{answer.agent_name ?? w.assistant}{answer.agent_team && <small>{teamName(answer.agent_team)}</small>}</td>
              <td data-name={w.columns.outcome}>{w.outcomes[answer.outcome]}</td>
              <td class="row-acts">
                <button type="button" onClick={() => show(answer.conversation)}>{w.openTalk}</button>
                {owed(answer) && <button type="button" class="primary" onClick={() => void done(answer)}><Icon name="check" /> {w.markDone}</button>}
                {answer.handled && <span class="good"><Icon name="check" /> {w.handledMark}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
