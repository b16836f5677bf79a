// Problems of topic files, worded for the people who write them.

import { lang } from "../../app";
import type { Problem } from "../../api";
import { topicWords } from "./words";

/** Messages mark what stands in the files with back-ticks. */
export const Marked = ({ text }: { text: string }) => <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;

export function Problems({ all }: { all: readonly Problem[] }) {
  const t = topicWords(lang.value);
  const es = lang.value === "es";
  return (
    <ol class="problems">
      {all.map((problem) => (
        <li key={`${problem.file}${problem.line}${problem.column}${problem.message_en}`} class={`problem problem-${problem.severity}`}>
          <p class="problem-place">
            <b>{t.severities[problem.severity] ?? problem.severity}</b>
            <code>{problem.file}:{problem.line}:{problem.column}</code>
            <span class="faint">{t.line(problem.line, problem.column)}</span>
          </p>
          <p class="problem-message"><Marked text={es ? problem.message_es : problem.message_en} /></p>
          <p><b>{t.remedy}:</b> <Marked text={es ? problem.remedy_es : problem.remedy_en} /></p>
        </li>
      ))}
    </ol>
  );
}
