// The days as lines. The library comes when the page is opened; the table says the same in words.

import { useEffect, useRef } from "preact/hooks";
import { lang } from "../../app";
import { Number, Table, whole } from "./parts";
import type { Report } from "./wire";
import { behind } from "./wire";
import { insightWords } from "./words";

const LINES = ["sessions", "solved", "person", "troubled"] as const;
const DAY_S = 86_400;
const HEIGHT = 240;

const seconds = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000;

/** The days of the period one by one: a day without a conversation is a zero, and no hole. */
function columns({ from, to, trend }: Report): number[][] {
  const known = new Map(trend.map((point) => [seconds(point.day), point]));
  const days: number[] = [];
  for (let at = seconds(from); at <= seconds(to); at += DAY_S) days.push(at);
  return [days, ...LINES.map((line) => days.map((day) => known.get(day)?.[line] ?? 0))];
}

export function Trend({ report, site }: { report: Report; site: string }) {
  const t = insightWords(lang.value);
  const tag = lang.value;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let gone = false;
    let drop = () => {};
    void import("./chart").then(({ draw }) => {
      if (gone || !box.current) return;
      drop = draw(box.current, columns(report), LINES.map((line) => t.trendNames[line]), HEIGHT, tag);
    });
    return () => {
      gone = true;
      drop();
    };
  }, [report, tag]);
  return (
    <section>
      <h2>{t.trend}</h2>
      <div class="chart" ref={box} role="img" aria-label={`${t.trend}: ${LINES.map((line) => t.trendNames[line]).join(", ")}. ${t.trendTable}.`} />
      <details>
        <summary>{t.trendTable}</summary>
        <Table name={t.trend} head={[t.day, ...LINES.map((line) => t.trendNames[line])]}>
          {report.trend.map((point) => (
            <tr key={point.day}>
              <td data-name={t.day}>{point.day}</td>
              {LINES.map((line) => (
                <td key={line} data-name={t.trendNames[line]}>
                  <Number n={point[line]} label={`${t.trendNames[line]}, ${point.day}`} href={behind(report, site, line, { day: point.day })} />
                </td>
              ))}
            </tr>
          ))}
        </Table>
      </details>
      <p class="sr">{whole(report.trend.length)} {t.day}</p>
    </section>
  );
}
