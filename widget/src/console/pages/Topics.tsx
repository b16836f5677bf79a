// The catalogue in use and what is wrong with its files, worded for the people who write them.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Catalog, api } from "../api";
import { failed, lang, words } from "../app";
import { moment } from "../model/time";
import { Icon } from "../ui/icons";

export function Topics() {
  const w = words.value;
  const catalog = useSignal<Catalog | undefined>(undefined);
  const load = async () => {
    try {
      catalog.value = await api.catalog();
    } catch (error) {
      failed(error);
    }
  };
  useEffect(() => void load(), []);
  const now = catalog.value;
  return (
    <>
      <header class="page-head">
        <h1>{w.pages.topics}</h1>
        {now && <p class="lead">{w.topicsLead(now.topics, moment(now.loaded_at, lang.value))} · {w.version} <code>{now.version}</code></p>}
        <button type="button" onClick={() => void load()}>{w.reloadList}</button>
      </header>
      {now && (now.problems.length === 0
        ? <p class="all-good"><Icon name="check" /> {w.noProblems}</p>
        : (
          <section>
            <h2>{w.problems(now.problems.length)}</h2>
            {now.problems.some(({ severity }) => severity === "error") && <p class="lead">{w.problemsLead}</p>}
            <ol class="problems">
              {now.problems.map((problem) => (
                <li key={`${problem.file}${problem.line}${problem.column}${problem.message_en}`} class={`problem problem-${problem.severity}`}>
                  <p class="problem-place">
                    <b>{w.severities[problem.severity] ?? problem.severity}</b>
                    <code>{problem.file}:{problem.line}:{problem.column}</code>
                    <span class="faint">{w.line(problem.line, problem.column)}</span>
                  </p>
                  <p class="problem-message"><Marked text={lang.value === "es" ? problem.message_es : problem.message_en} /></p>
                  <p><b>{w.remedy}:</b> <Marked text={lang.value === "es" ? problem.remedy_es : problem.remedy_en} /></p>
                </li>
              ))}
            </ol>
          </section>
        ))}
    </>
  );
}

/** Messages mark what stands in the files with back-ticks. */
const Marked = ({ text }: { text: string }) => <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
