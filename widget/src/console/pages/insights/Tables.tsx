// Teams with their promises, topics, forms step by step, and the closing questions.

import { lang } from "../../app";
import { Median, Number, Part, Table } from "./parts";
import type { Promises, Report } from "./wire";
import { behind } from "./wire";
import { insightWords } from "./words";

interface Shown { report: Report; site: string }

const KINDS = ["made", "in_time", "late", "open", "overdue", "warned", "moved"] as const satisfies readonly (keyof Promises)[];

export function Teams({ report, site }: Shown) {
  const t = insightWords(lang.value);
  const c = t.teamColumns;
  const name = (team: string) => report.teams_named[team] ?? team;
  const promises: { team: string | undefined; name: string; of: Promises }[] = [
    { team: undefined, name: t.everybody, of: report.promises },
    ...report.teams.filter(({ promises }) => promises.made > 0).map(({ team, promises }) => ({ team, name: name(team), of: promises })),
  ];
  return (
    <>
      {report.teams.length > 0 && (
        <section>
          <h2>{t.teams}</h2>
          <Table name={t.teams} head={[t.team, c.sessions, c.attended, c.wait, c.response_met, c.resolution_met, c.positive]}>
            {report.teams.map((row) => {
              const of = { of_team: row.team };
              const label = (what: string) => `${what}, ${name(row.team)}`;
              return (
                <tr key={row.team}>
                  <th scope="row" data-name={t.team}>{name(row.team)}</th>
                  <td data-name={c.sessions}><Number n={row.sessions} label={label(c.sessions)} href={behind(report, site, "sessions", of)} /></td>
                  <td data-name={c.attended}><Part share={row.attended} label={label(c.attended)} href={behind(report, site, "attended", of)} /></td>
                  <td data-name={c.wait}><Median middle={row.wait} unit={t.seconds} /></td>
                  <td data-name={c.response_met}><Part share={row.response_met} label={label(c.response_met)} href={behind(report, site, "response_met", of)} /></td>
                  <td data-name={c.resolution_met}><Part share={row.resolution_met} label={label(c.resolution_met)} href={behind(report, site, "resolution_met", of)} /></td>
                  <td data-name={c.positive}><Part share={row.positive} label={label(c.positive)} href={behind(report, site, "opinion_positive", of)} /></td>
                </tr>
              );
            })}
          </Table>
        </section>
      )}
      {report.promises.made > 0 && (
        <section>
          <h2>{t.promises}</h2>
          <Table name={t.promises} head={[t.team, ...KINDS.map((kind) => t.promiseNames[kind] ?? kind)]}>
            {promises.map((row) => (
              <tr key={row.name}>
                <th scope="row" data-name={t.team}>{row.name}</th>
                {KINDS.map((kind) => (
                  <td key={kind} data-name={t.promiseNames[kind]}>
                    <Number n={row.of[kind]} label={`${t.promiseNames[kind] ?? kind}, ${row.name}`}
                      href={behind(report, site, `promise:${kind}`, row.team === undefined ? {} : { of_team: row.team })} />
                  </td>
                ))}
              </tr>
            ))}
          </Table>
        </section>
      )}
    </>
  );
}

export function Topics({ report, site }: Shown) {
  const t = insightWords(lang.value);
  const c = t.topicColumns;
  return (
    <section>
      <h2>{t.topics}</h2>
      {report.measuring && <p class="hint" role="status">{t.measuring}</p>}
      <Table name={t.topics} head={[c.topic, c.used, c.solved, c.gave_up, c.person, c.first, c.examples, c.kept, c.positive]}>
        {report.topics.map((row) => {
          const name = row.topic === null ? t.noTopic : report.topics_named[row.topic] ?? row.topic;
          const accuracy = row.topic === null ? undefined : report.accuracy[row.topic];
          const open = (number: string) => behind(report, site, number, { matter: row.topic });
          const label = (what: string) => `${what}, ${name}`;
          return (
            <tr key={row.topic}>
              <th scope="row" data-name={c.topic}>{name}</th>
              <td data-name={c.used}>
                {row.topic === null
                  ? <Number n={row.sessions} label={label(c.used)} href={open("sessions")} />
                  : <Number n={row.used} label={label(c.used)} href={behind(report, site, `used:${row.topic}`)} />}
              </td>
              <td data-name={c.solved}><Part share={row.solved} label={label(c.solved)} href={open("solved")} /></td>
              <td data-name={c.gave_up}><Part share={row.gave_up} label={label(c.gave_up)} href={open("gave_up")} /></td>
              <td data-name={c.person}><Part share={row.person} label={label(c.person)} href={open("person")} /></td>
              <td data-name={c.first}><Part share={row.first_resolved} label={label(c.first)} href={open("first_resolved")} /></td>
              <td data-name={c.examples}>{accuracy?.examples ? <Part share={accuracy.examples} label={label(c.examples)} /> : "—"}</td>
              <td data-name={c.kept}>{accuracy?.kept ? <Part share={accuracy.kept} label={label(c.kept)} /> : "—"}</td>
              <td data-name={c.positive}><Part share={row.positive} label={label(c.positive)} href={open("opinion_positive")} /></td>
            </tr>
          );
        })}
      </Table>
    </section>
  );
}

export function Forms({ report, site }: Shown) {
  const t = insightWords(lang.value);
  if (report.forms.length === 0) return null;
  return (
    <section>
      <h2>{t.forms}</h2>
      <Table name={t.forms} head={[t.form, t.step, t.asked, t.left]}>
        {report.forms.flatMap((form) => {
          const name = report.topics_named[form.topic] ?? form.topic;
          const open = (part: string) => behind(report, site, `form:${form.topic}:${part}`);
          return [
            <tr key={form.topic}>
              <th scope="row" data-name={t.form}>{name}</th>
              <td data-name={t.step}>{t.finished}: <Part share={form.finished} label={`${t.finished}, ${name}`} href={open("finished")} /></td>
              <td data-name={t.asked}>{t.started}: <Number n={form.started} label={`${t.started}, ${name}`} href={open("started")} /></td>
              <td data-name={t.left}>{form.open > 0 ? `${t.open}: ${form.open}` : "—"}</td>
            </tr>,
            ...form.steps.map(({ step, asked, left }) => {
              const called = step === "=confirm" ? t.confirmation : step;
              return (
                <tr key={`${form.topic} ${step}`}>
                  <td data-name={t.form}><small>{name}</small></td>
                  <td data-name={t.step}>{step === "=confirm" ? called : <code>{called}</code>}</td>
                  <td data-name={t.asked}><Number n={asked} label={`${t.asked}, ${name}, ${called}`} href={open(`asked:${step}`)} /></td>
                  <td data-name={t.left}><Part share={left} label={`${t.left}, ${name}, ${called}`} href={open(`left:${step}`)} /></td>
                </tr>
              );
            }),
          ];
        })}
      </Table>
    </section>
  );
}

export function Questions({ report, site }: Shown) {
  const t = insightWords(lang.value);
  if (report.questions.length === 0) return null;
  return (
    <section>
      <h2>{t.questions}</h2>
      <p class="hint">{t.questionsLead}</p>
      <Table name={t.questions} head={[t.question, t.answeredColumn, t.up, t.middle, t.down]}>
        {report.questions.map((row) => {
          const open = (how: string) => behind(report, site, `question:${row.question}:${how}`);
          const label = (what: string) => `${what}, ${row.question}`;
          return (
            <tr key={row.question}>
              <th scope="row" data-name={t.question}><code>{row.question}</code></th>
              <td data-name={t.answeredColumn}><Part share={row.answered} label={label(t.answeredColumn)} href={open("answered")} /></td>
              <td data-name={t.up}><Part share={row.up} label={label(t.up)} href={open("up")} /></td>
              <td data-name={t.middle}><Part share={row.middle} label={label(t.middle)} href={open("middle")} /></td>
              <td data-name={t.down}><Part share={row.down} label={label(t.down)} href={open("down")} /></td>
            </tr>
          );
        })}
      </Table>
    </section>
  );
}
