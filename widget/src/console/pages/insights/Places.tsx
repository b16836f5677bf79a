// Touchpoint by stage with a verdict in words, and touchpoint by hour beside those who were there.

import { lang, words } from "../../app";
import { percent } from "../../model/time";
import { Number, Part, Table } from "./parts";
import type { Report } from "./wire";
import { behind } from "./wire";
import { insightWords } from "./words";

const STAGES = ["awareness", "consideration", "purchase", "use", "loyalty", null] as const;

interface Shown { report: Report; site: string }

const named = (report: Report, id: string | null, none: string): string => (id === null ? none : report.touchpoints[id] ?? id);

/** Touchpoints in the order of the company's own file, then those that it does not know, then none. */
function rowsOf(report: Report, of: readonly { touchpoint: string | null }[]): (string | null)[] {
  const order = Object.keys(report.touchpoints);
  const place = (id: string | null): number => (id === null ? Infinity : order.indexOf(id) < 0 ? order.length : order.indexOf(id));
  return [...new Set(of.map(({ touchpoint }) => touchpoint))].sort((a, b) => place(a) - place(b));
}

export function HeatMap({ report, site }: Shown) {
  const t = insightWords(lang.value);
  const w = words.value;
  const tag = lang.value;
  const stageName = (stage: (typeof STAGES)[number]) => (stage === null ? t.noStage : w.stages[stage]);
  const stages = STAGES.filter((stage) => stage !== null || report.places.some((cell) => cell.stage === null));
  const most = Math.max(0, ...report.places.map((cell) => cell.held_against));
  return (
    <section>
      <h2>{t.places}</h2>
      <p class="hint">{t.placesLead}</p>
      <Table name={t.places} head={[t.touchpoint, ...stages.map(stageName)]}>
        {rowsOf(report, report.places).map((touchpoint) => (
          <tr key={touchpoint}>
            <th scope="row" data-name={t.touchpoint}>{named(report, touchpoint, t.noTouchpoint)}</th>
            {stages.map((stage) => {
              const cell = report.places.find((one) => one.touchpoint === touchpoint && one.stage === stage);
              const name = `${named(report, touchpoint, t.noTouchpoint)}, ${stageName(stage)}`;
              if (!cell) return <td key={stage} data-name={stageName(stage)}>—</td>;
              return (
                <td key={stage} data-name={stageName(stage)} class={`verdict verdict-${cell.verdict}`}>
                  <b>{t.verdicts[cell.verdict]}</b>
                  <span class="verdict-why">{t.whys[cell.why]}</span>
                  <Part share={cell.troubled} label={`${t.headlines["troubled"] ?? ""}, ${name}`} href={behind(report, site, "troubled", { touchpoint, stage })} />
                  <small>{w.pages.history}: <Number n={cell.sessions} label={name} href={behind(report, site, "sessions", { touchpoint, stage })} /></small>
                </td>
              );
            })}
          </tr>
        ))}
      </Table>
      <p class="hint">{t.rule(percent(most, tag))}</p>
    </section>
  );
}

export function Hours({ report, site }: Shown) {
  const t = insightWords(lang.value);
  const touchpoints = rowsOf(report, report.hours);
  const one = new Intl.NumberFormat(lang.value, { maximumFractionDigits: 1 });
  const hours = report.staff.map((_, hour) => hour).filter((hour) => (report.staff[hour] ?? 0) > 0 || report.hours.some((of) => of.hour === hour));
  const names = touchpoints.map((touchpoint) => named(report, touchpoint, t.noTouchpoint));
  return (
    <section>
      <h2>{t.hours}</h2>
      <p class="hint">{t.hoursLead}</p>
      <Table name={t.hours} head={[t.hour, ...names, t.staff]}>
        {hours.map((hour) => (
          <tr key={hour}>
            <th scope="row" data-name={t.hour}>{`${String(hour).padStart(2, "0")}:00`}</th>
            {touchpoints.map((touchpoint, at) => {
              const of = report.hours.find((of) => of.hour === hour && of.touchpoint === touchpoint);
              const name = `${names[at] ?? ""}, ${hour}:00`;
              return (
                <td key={touchpoint} data-name={names[at]}>
                  {!of ? "0" : <Number n={of.sessions} label={name} href={behind(report, site, "sessions", { touchpoint, hour })} />}
                  {of && of.person > 0 && <small>{t.headlines["person"]}: <Number n={of.person} label={`${t.headlines["person"] ?? ""}, ${name}`} href={behind(report, site, "person", { touchpoint, hour })} /></small>}
                  {of && of.abandoned > 0 && <small>{t.headlines["abandoned"]}: <Number n={of.abandoned} label={`${t.headlines["abandoned"] ?? ""}, ${name}`} href={behind(report, site, "abandoned", { touchpoint, hour })} /></small>}
                </td>
              );
            })}
            <td data-name={t.staff}>{one.format(report.staff[hour] ?? 0)}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
