// One action: its words, publishing it; back to the opinions behind it, forward to the changed file and to whether the complaint is heard less.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { failed, lang, say, words } from "../../app";
import { go, link } from "../../route";
import { Icon } from "../../ui/icons";
import { Part } from "../insights/parts";
import { said } from "../notices/api";
import { Form } from "./Form";
import { State, placeName } from "./Improvements";
import { OneOpinion } from "./Opinions";
import { type Book, type Whole, drop, publish, read, retire, whole } from "./api";
import { improvementWords } from "./words";

export function Deed({ book, id }: { book: Book; id: string }) {
  const t = improvementWords(lang.value);
  const shown = useSignal<Whole | undefined>(undefined);
  const edits = useSignal(false);
  const load = () => whole(id).then((one) => void (shown.value = one));
  useEffect(() => void load().catch(failed), [id]);
  const one = shown.value;
  if (!one) return <p class="empty" role="status">{words.value.loading}</p>;
  const { action } = one;
  if (edits.value) {
    return <Form book={book} begin={{ action, seen: one.changed_at }} done={() => {
      edits.value = false;
      void load().catch(failed);
    }} />;
  }
  const does = async (sure: string | undefined, act: () => Promise<object>, then?: string) => {
    if (sure !== undefined && !confirm(sure)) return;
    try {
      await act();
      if (then !== undefined) say(then);
      await Promise.all([load(), read()]);
    } catch (error) {
      failed(error);
    }
  };
  const throwAway = async () => {
    if (!confirm(t.throwAwaySure)) return;
    try {
      await drop(id);
      go({ page: "improvements" });
    } catch (error) {
      failed(error);
    }
  };
  const isPublic = one.published_at !== null && one.retired_at === null;
  const day = new Intl.DateTimeFormat(lang.value, { dateStyle: "long", timeZone: "UTC" }).format(new Date(action.since));
  return (
    <>
      <header class="page-head">
        <p><a href={link({ page: "improvements" })}>{t.back}</a></p>
        <h1>{said(action.said, lang.value)}</h1>
        <p class="lead">{said(action.did, lang.value)}</p>
        <p class="marks">
          <State row={one} /> <span class="mark">{t.day(day)}</span> <span class="mark">{t.by(one.author)}</span>
          {one.published_at !== null && <span class="mark"><Icon name="check" /> {t.tellsPeople(one.told, action.opinions.length)}</span>}
          {action.touchpoints.map((touchpoint) => <span key={touchpoint} class="mark">{placeName(book, { touchpoint, stage: null })}</span>)}
        </p>
        {one.file !== null && action.topic !== undefined && <p>{t.file}: <a href={link({ page: "topics", within: action.topic })}><code>{one.file}</code></a></p>}
        <p class="card-acts">
          <button type="button" onClick={() => (edits.value = true)}>{t.change}</button>
          {one.published_at === null && <button type="button" onClick={() => void throwAway()}>{t.throwAway}</button>}
          {one.published_at === null && <button type="button" class="primary" onClick={() => void does(t.publishSure(action.opinions.length), () => publish(id), t.published)}><Icon name="check" /> {t.publish}</button>}
          {isPublic && <button type="button" onClick={() => void does(t.retireSure, () => retire(id))}>{t.retire}</button>}
          {one.retired_at !== null && <button type="button" onClick={() => void does(undefined, () => publish(id))}>{t.showAgain}</button>}
          {isPublic && <a href={`${lang.value === "es" ? "/novedades" : "/whats-new"}#${encodeURIComponent(id)}`}>{t.page}</a>}
        </p>
      </header>
      {one.effect && <Effect effect={one.effect} />}
      <section>
        <h2>{t.opinions} <span class="count">{one.opinions.length}</span></h2>
        <ul class="cards">{one.opinions.map((opinion) => <li key={`${opinion.conversation}${opinion.seq}`} class="card-line"><OneOpinion one={opinion} /></li>)}</ul>
      </section>
    </>
  );
}

/** The complaint's share before and since; the difference only where there is enough to say one. */
function Effect({ effect: { before, after, difference, verdict } }: { effect: NonNullable<Whole["effect"]> }) {
  const t = improvementWords(lang.value);
  const points = (share: number) => new Intl.NumberFormat(lang.value, { maximumFractionDigits: 0, signDisplay: "exceptZero" }).format(share * 100);
  return (
    <section>
      <h2>{t.effect}</h2>
      <p class="hint">{t.effectLead}</p>
      <dl class="totals" aria-label={t.effect}>
        <div class="total"><dt>{t.before}</dt><dd><Part share={before} label={t.before} /></dd></div>
        <div class="total"><dt>{t.after}</dt><dd><Part share={after} label={t.after} /></dd></div>
      </dl>
      <p><b>{t.verdicts[verdict]}</b></p>
      {verdict !== "too_few" && <p>{t.difference(points(difference.value), points(difference.low), points(difference.high))}</p>}
    </section>
  );
}
