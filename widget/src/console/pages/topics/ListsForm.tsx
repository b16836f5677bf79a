// The form over the file of what is not ours: sentences, other companies, things. One a line.

import { lang } from "../../app";
import { languageName } from "../../words";
import { linesOf } from "./change";
import { topicWords } from "./words";
import type { Lists } from "./wire";
import { editLists, overview } from "./work";

export function ListsForm({ lists }: { lists: Lists }) {
  const t = topicWords(lang.value);
  const known = overview.value?.languages ?? [];
  const tags = [...known, ...Object.keys(lists.examples).filter((tag) => !known.includes(tag))];
  const field = (label: string, lines: readonly string[], set: (lines: readonly string[]) => void, tag?: string) => (
    <label key={label}>{label} <span class="faint">{t.lines(lines.filter((line) => line.trim() !== "").length)}</span>
      <textarea rows={Math.min(20, Math.max(6, lines.length + 1))} {...(tag ? { lang: tag } : {})} value={lines.join("\n")} onInput={(event) => set(linesOf(event.currentTarget.value))} />
    </label>
  );
  return (
    <div class="topic-form">
      <fieldset>
        <legend>{t.notOurs}</legend>
        <p class="hint">{t.notOursHint}</p>
        <div class="grid two">{tags.map((tag) => field(t.examplesIn(languageName(tag, lang.value)), lists.examples[tag] ?? [], (lines) => editLists({ ...lists, examples: { ...lists.examples, [tag]: lines } }), tag))}</div>
      </fieldset>
      <fieldset>
        <legend>{t.others}</legend>
        <p class="hint">{t.othersHint}</p>
        <div class="grid two">
          {field(t.companies, lists.companies, (companies) => editLists({ ...lists, companies }))}
          {field(t.things, lists.things, (things) => editLists({ ...lists, things }))}
        </div>
      </fieldset>
    </div>
  );
}
