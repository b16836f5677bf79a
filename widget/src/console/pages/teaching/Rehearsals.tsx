// The time machine: a draft read against what visitors really wrote, before it is published.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { TopicId } from "../../../protocol/types";
import { failed, lang, person, show } from "../../app";
import { moment } from "../../model/time";
import { route } from "../../route";
import { type Change, type Rehearsal, type TurnRow, rehearsal, rehearsals, rehearse, stopRehearsal, turns } from "./api";
import { drafts, titleOf } from "./Missed";
import { teachingWords } from "./words";

const ASK_MS = 1_000;
const CHANGES: readonly Exclude<Change, "same">[] = ["worse", "better", "different"];

const runs = ({ state }: Rehearsal): boolean => state === "learning" || state === "running";

export function Rehearsals() {
  const t = teachingWords(lang.value);
  // From a draft one comes with its id in the address.
  const draft = useSignal(route.peek().within ?? "");
  const last = useSignal<Rehearsal | undefined>(undefined);
  const admin = person.value?.role === "admin";
  useEffect(() => void rehearsals().then(({ rehearsals: [newest] }) => (last.value = newest), failed), []);
  const now = last.value;
  useEffect(() => {
    if (!now || !runs(now)) return;
    const timer = setTimeout(() => void rehearsal(now.id).then((known) => (last.value = known), failed), ASK_MS);
    return () => clearTimeout(timer);
  }, [now]);
  const begin = async () => {
    try {
      const { id } = await rehearse(draft.value || (drafts.value[0]?.id ?? ""), 30);
      last.value = await rehearsal(id);
    } catch (error) {
      failed(error);
    }
  };
  const place = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (route.peek().within !== undefined) place.current?.scrollIntoView();
  }, []);
  if (!admin && !now) return null;
  return (
    <section>
      <h2 ref={place}>{t.rehearsals}</h2>
      <p class="lead">{t.rehearsalsLead}</p>
      {admin && (drafts.value.length === 0
        ? <p class="empty">{t.noDrafts}</p>
        : (
          <form class="grid" onSubmit={(event) => {
            event.preventDefault();
            void begin();
          }}>
            <label>{t.draft}
              <select value={draft.value || drafts.value[0]?.id} onChange={(event) => (draft.value = event.currentTarget.value)}>
                {drafts.value.map(({ id, note }) => <option key={id} value={id}>{note || id}</option>)}
              </select>
            </label>
            <button type="submit" class="primary" disabled={now !== undefined && runs(now)}>{t.rehearse}</button>
          </form>
        ))}
      {now && <Result of={now} stop={admin ? () => void stopRehearsal(now.id).catch(failed) : undefined} />}
    </section>
  );
}

function Result({ of, stop }: { of: Rehearsal; stop: (() => void) | undefined }) {
  const t = teachingWords(lang.value);
  const opened = useSignal<Exclude<Change, "same"> | undefined>(undefined);
  const note = drafts.value.find(({ id }) => id === of.draft)?.note;
  useEffect(() => void (opened.value = undefined), [of.id]);
  return (
    <>
      <div role="status">
        <p><b>{t.progress[of.state]}</b> {note} {of.why ?? ""} {t.read(of.turns, of.sessions, of.of_sessions)} {of.until !== null && t.until(moment(of.until, lang.value))} {of.cut && t.cutAt}
          {runs(of) && stop && <> <button type="button" onClick={stop}>{t.stop}</button></>}</p>
      </div>
      <dl class="totals">
        {[...CHANGES, "same" as const].map((change) => (
          <div key={change} class={`total${change === "worse" && of.changes.worse ? " total-negative" : change === "better" ? " total-positive" : ""}`}>
            <dt>{t.changes[change]}</dt><dd>{of.changes[change] ?? 0}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">{t.changesHint} {t.rightNow(of.right_now, of.right_then, of.known)} {t.wrongNow(of.wrong_now, of.wrong_then)}</p>
      <div class="search-acts">
        {CHANGES.filter((change) => of.changes[change]).map((change) => (
          <button key={change} type="button" aria-expanded={opened.value === change} onClick={() => (opened.value = opened.value === change ? undefined : change)}>
            {t.seeTurns(of.changes[change] ?? 0, t.changes[change] ?? change)}
          </button>
        ))}
      </div>
      {opened.value && <Turns key={opened.value} id={of.id} change={opened.value} />}
    </>
  );
}

function Turns({ id, change }: { id: string; change: Change }) {
  const t = teachingWords(lang.value);
  const rows = useSignal<readonly TurnRow[]>([]);
  const next = useSignal<number | null>(null);
  const load = async (from: number) => {
    try {
      const page = await turns(id, change, from);
      rows.value = [...rows.value, ...page.turns];
      next.value = page.next;
    } catch (error) {
      failed(error);
    }
  };
  useEffect(() => void load(0), [id, change]);
  const read = (topics: readonly TopicId[]) =>
    topics.length === 0 ? t.notUnderstood : topics.length === 1 ? titleOf(topics[0]!) : t.asks(topics.map(titleOf).join(", "));
  const known = ({ known: one }: TurnRow) => {
    if (!one) return "—";
    const what = one.not ? t.didNotMean(titleOf(one.not)) : one.meant ? t.meantThat(titleOf(one.meant)) : t.meantNothing;
    return <>{what}<small>{t.evidence[one.because]}</small></>;
  };
  const name = t.changes[change] ?? change;
  return (
    <>
      <div class="table-box" tabIndex={0} role="group" aria-label={name}>
        <table class="table">
          <caption class="sr">{name}</caption>
          <thead>
            <tr>
              <th scope="col">{t.message}</th><th scope="col">{t.now}</th><th scope="col">{t.then}</th><th scope="col">{t.known}</th><th scope="col">{t.when}</th>
            </tr>
          </thead>
          <tbody>
            {rows.value.map((row) => (
              <tr key={row.of}>
                <td data-name={t.message} class="said-cell">{row.text === null ? t.erased : <q lang={row.lang}>{row.text}</q>}</td>
                <td data-name={t.now}>{read(row.now)}</td>
                <td data-name={t.then}>{read(row.then)}</td>
                <td data-name={t.known}>{known(row)}</td>
                <td data-name={t.when}>
                  <time dateTime={new Date(row.at).toISOString()}>{moment(row.at, lang.value)}</time>{" "}
                  <button type="button" class="link" onClick={() => show(row.conversation)} aria-label={t.openOf(row.text ?? t.erased)}>{t.open}</button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {next.value !== null && <button type="button" onClick={() => void load(next.value ?? 0)}>{t.moreTurns}</button>}
    </>
  );
}
