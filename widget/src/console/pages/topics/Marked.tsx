// Problems of topic files, worded for the people who write them.

import { lang, topicName } from "../../app";
import type { Problem } from "../../api";
import { link } from "../../route";
import { topicWords } from "./words";
import { jump, work } from "./work";

/** Messages mark what stands in the files with back-ticks. */
export const Marked = ({ text }: { text: string }) => <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;

/** The way to the other place: another topic in a tab of its own, so that nothing that is being written is left; a line of this file in its text. */
export function Way({ problem: { see } }: { problem: Problem }) {
  const t = topicWords(lang.value);
  if (!see) return null;
  if (see.file === work.value?.path) return <button type="button" class="link" onClick={() => (jump.value = see.line)}>{t.toLine(see.line)}</button>;
  return <a href={link({ page: "topics", within: see.topic ?? see.file })} target="_blank" rel="noopener">{t.toTopic(see.topic ? topicName(see.topic) : see.file)}</a>;
}

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
          <p><b>{t.remedy}:</b> <Marked text={es ? problem.remedy_es : problem.remedy_en} /> <Way problem={problem} /></p>
        </li>
      ))}
    </ol>
  );
}
