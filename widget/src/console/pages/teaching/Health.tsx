// How each topic does, the worst first.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Names, api } from "../../api";
import { failed, lang, words } from "../../app";
import { percent } from "../../model/time";
import { type TopicHealth, health } from "./api";
import { teachingWords } from "./words";

const ASK_MS = 2_000;

export function Health() {
  const t = teachingWords(lang.value);
  const w = words.value;
  const tag = lang.value;
  const names = useSignal<Names>({ topics: {}, teams: {} });
  const seen = useSignal<{ topics: TopicHealth[]; measuring: boolean; catching_up: boolean } | undefined>(undefined);
  const load = async () => {
    try {
      seen.value = await health();
    } catch (error) {
      failed(error);
    }
  };
  useEffect(() => void load(), []);
  useEffect(() => void api.names(tag).then((known) => (names.value = known), failed), [tag]);
  const now = seen.value;
  useEffect(() => {
    if (!now?.measuring) return;
    const timer = setTimeout(() => void load(), ASK_MS);
    return () => clearTimeout(timer);
  }, [now]);
  const title = (topic: string) => names.value.topics[topic] ?? topic;
  const c = t.columns;
  return (
    <>
      <header class="page-head">
        <h1>{w.pages.health}</h1><p class="lead">{t.healthLead}</p>
        <button type="button" onClick={() => void load()}>{t.refresh}</button>
      </header>
      <p class="hint" role="status">{[now?.measuring && t.measuring, now?.catching_up && t.catchingUp, !now && w.loading].filter(Boolean).join(" ")}</p>
      {now && (
        <div class="table-box" tabIndex={0} role="group" aria-label={w.pages.health}>
          <table class="table">
            <caption class="sr">{w.pages.health}</caption>
            <thead>
              <tr>
                <th scope="col">{c.topic}</th><th scope="col">{c.lang}</th><th scope="col">{c.phrases}</th><th scope="col">{c.tests}</th>
                <th scope="col">{c.right}</th><th scope="col">{c.confused}</th><th scope="col">{c.used}</th><th scope="col">{c.disowned}</th>
                <th scope="col">{c.opinions}</th>
                <th scope="col">{c.handoffs}</th><th scope="col">{c.review}</th>
              </tr>
            </thead>
            <tbody>
              {now.topics.map((row) => (
                <tr key={`${row.topic} ${row.lang}`}>
                  <td data-name={c.topic}><b>{title(row.topic)}</b><small><code>{row.topic}</code></small></td>
                  <td data-name={c.lang}>{w.languages[row.lang] ?? row.lang}</td>
                  <td data-name={c.phrases}>{row.phrases}</td>
                  <td data-name={c.tests}>{row.tests === 0 ? t.noTests : `${row.tests_passed ?? "…"}/${row.tests}`}</td>
                  <td data-name={c.right}>{row.asked ? <>{percent((row.right ?? 0) / row.asked, tag)}<small>{t.ofN(row.asked)}</small></> : now.measuring ? "…" : t.fewHint}</td>
                  <td data-name={c.confused}>{row.confused.map(({ topic, count }) => `${title(topic)} (${count})`).join(", ") || "—"}</td>
                  <td data-name={c.used}>{row.used_7} / {row.used_30}</td>
                  <td data-name={c.disowned}>{row.used_30 === 0 ? "—" : <>{percent(row.disowned / row.used_30, tag)}<small>{t.ofN(row.used_30)}</small></>}</td>
                  <td data-name={c.opinions}>{row.opinions === 0 ? "—" : <>{percent(row.positive / row.opinions, tag)}<small>{t.ofN(row.opinions)}</small></>}</td>
                  <td data-name={c.handoffs}>{row.handoffs}</td>
                  <td data-name={c.review}>{row.review_by ?? "—"}{row.stale && <small class="kind-negative">{t.stale}</small>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="hint">{t.rightHint}</p>
    </>
  );
}
