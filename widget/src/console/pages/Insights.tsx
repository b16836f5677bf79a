// The company's numbers: each with what it rests on, each opening the conversations behind it.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { failed, lang, person, words } from "../app";
import { percent } from "../model/time";
import sheet from "./insights/insights.css";
import { HeatMap, Hours } from "./insights/Places";
import { Median, Number, Part } from "./insights/parts";
import { Forms, Questions, Teams, Topics } from "./insights/Tables";
import { Trend } from "./insights/Trend";
import { type Period, type Report, behind, report as ask, sheetOf } from "./insights/wire";
import { insightWords } from "./insights/words";

const dress = new CSSStyleSheet();
dress.replaceSync(sheet);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, dress];

/** Shares of the headline, with the number that each opens. */
const HEADLINES: readonly (readonly [string, string])[] = [
  ["solved", "solved"], ["gave_up", "gave_up"], ["came_back", "came_back"], ["said_no", "said_no"], ["person", "person"],
  ["first_contact", "first_resolved"], ["abandoned", "abandoned"], ["got_person", "got_person"], ["response_met", "response_met"],
  ["resolution_met", "resolution_met"], ["positive", "opinion_positive"], ["answered", "answered"], ["own_language", "lang_kept"], ["troubled", "troubled"],
];

// What was asked for stays while one reads the conversations behind a number.
const period = signal<Period>({ from: "", to: "", site: "" });
const shown = signal<{ report: Report; site: string } | undefined>(undefined);
const busy = signal(false);

async function load(): Promise<void> {
  const wanted = period.peek();
  busy.value = true;
  try {
    const report = await ask(wanted);
    if (period.peek().site !== wanted.site) return;
    shown.value = { report, site: wanted.site };
    period.value = { ...period.peek(), from: report.from, to: report.to };
  } catch (error) {
    failed(error);
  } finally {
    busy.value = false;
  }
}

export function Insights() {
  const t = insightWords(lang.value);
  const w = words.value;
  useEffect(() => void load(), [person.value?.id, lang.value]);
  const now = shown.value;
  return (
    <div class="insights">
      <header class="page-head"><h1>{w.pages.insights}</h1><p class="lead">{t.lead}</p></header>
      <Form />
      {!now && <p class="empty" role="status">{w.loading}</p>}
      {now && <p class="hint" role="status">{t.zone(now.report.time_zone, now.report.from, now.report.to)} {now.report.catching_up && t.catchingUp}</p>}
      {now && (now.report.counts["sessions"] === 0 ? <p class="empty">{t.nothing}</p> : <Numbers {...now} />)}
    </div>
  );
}

function Form() {
  const t = insightWords(lang.value);
  const { from, to, site } = period.value;
  const sites = shown.value?.report.sites ?? [];
  const set = (change: Partial<Period>) => (period.value = { ...period.value, ...change });
  return (
    <form class="grid" onSubmit={(event) => {
      event.preventDefault();
      void load();
    }}>
      <label>{t.from}<input type="date" value={from} max={to} onInput={(event) => set({ from: event.currentTarget.value })} /></label>
      <label>{t.to}<input type="date" value={to} min={from} onInput={(event) => set({ to: event.currentTarget.value })} /></label>
      <label>{t.site}
        <select value={site} onChange={(event) => set({ site: event.currentTarget.value })}>
          <option value="">{t.anySite}</option>
          {sites.map((one) => <option key={one} value={one}>{one}</option>)}
        </select>
      </label>
      <div class="search-acts">
        <button type="submit" class="primary" aria-disabled={busy.value}>{t.show}</button>
        <a href={sheetOf(period.value)} download>{t.csv}</a>
      </div>
    </form>
  );
}

function Numbers({ report, site }: { report: Report; site: string }) {
  const t = insightWords(lang.value);
  const w = words.value;
  const tag = lang.value;
  const contained = report.shares["containment"];
  const pending = report.counts["first_pending"] ?? 0;
  const reasons = Object.entries(w.reasons).map(([id, name]) => ({ id, name, n: report.counts[`reason_${id}`] ?? 0 })).filter(({ n }) => n > 0);
  return (
    <>
      <section>
        <h2>{t.headline}</h2>
        <dl class="figures">
          <div class="figure"><dt>{t.trendNames.sessions}</dt>
            <dd><Number n={report.counts["sessions"] ?? 0} label={t.trendNames.sessions} href={behind(report, site, "sessions")} /></dd></div>
          {HEADLINES.map(([name, number]) => {
            const share = report.shares[name];
            return share && (
              <div class="figure" key={name}><dt>{t.headlines[name]}</dt>
                <dd><Part share={share} label={t.headlines[name] ?? name} href={behind(report, site, number)} /></dd></div>
            );
          })}
        </dl>
        <p class="hint">
          {contained?.value != null && t.naive(percent(contained.value, tag))} {pending > 0 && t.pending(pending)}
        </p>
        <dl class="medians">
          <div><dt>{t.medians.wait}</dt><dd><Median middle={report.wait} unit={t.seconds} /></dd></div>
          <div><dt>{t.medians.left_after}</dt><dd><Median middle={report.left_after} unit={t.seconds} /></dd></div>
          <div><dt>{t.medians.turns}</dt><dd><Median middle={report.turns} unit={String} /></dd></div>
        </dl>
      </section>
      {reasons.length > 0 && (
        <section>
          <h2>{t.reasons}</h2>
          <dl class="figures">
            {reasons.map(({ id, name, n }) => (
              <div class="figure" key={id}><dt>{name}</dt><dd><Number n={n} label={name} href={behind(report, site, `reason_${id}`)} /></dd></div>
            ))}
          </dl>
        </section>
      )}
      <HeatMap report={report} site={site} />
      <Trend report={report} site={site} />
      <Hours report={report} site={site} />
      <Teams report={report} site={site} />
      <Forms report={report} site={site} />
      <Topics report={report} site={site} />
      <Questions report={report} site={site} />
    </>
  );
}
