// The form over a topic's file.

import { useSignal } from "@preact/signals";
import { lang, teamName, topicName } from "../../app";
import { languageName } from "../../words";
import { type Aim, addChoice, aimOf, asOne, asStyles, linesOf, setExamples, setTest, setText, setTitle, setWords, withAim, without } from "./change";
import { Marked, Way } from "./Marked";
import { topicWords } from "./words";
import type { TextBox, TopicForm, Worded, Wording } from "./wire";
import { checked, edit, overview, shownFor } from "./work";

const STAGES = ["any", "awareness", "consideration", "purchase", "use", "loyalty"];

/** The languages of the assistant, then whatever else the words are there in. */
function tagsOf(words: Worded | Readonly<Record<string, unknown>>): string[] {
  const languages = overview.value?.languages ?? [];
  return [...languages, ...Object.keys(words).filter((tag) => !languages.includes(tag))];
}

export function Form({ form }: { form: TopicForm }) {
  const t = topicWords(lang.value);
  const tags = tagsOf(form.examples);
  return (
    <div class="topic-form">
      <fieldset>
        <legend>{t.title}</legend>
        <p class="hint">{t.titleHint}</p>
        <Words id="title" words={form.title} label={t.title} set={(tag, wording) => edit(setTitle(form, tag, wording))} />
      </fieldset>
      <fieldset>
        <legend>{t.examples}</legend>
        <p class="hint" id="examples-hint">{t.examplesHint}</p>
        <div class="grid two">
          {tags.map((tag) => {
            const lines = form.examples[tag] ?? [];
            return (
              <label key={tag}>{t.examplesIn(languageName(tag, lang.value))} <span class="faint">{t.count(lines.filter((line) => line.trim() !== "").length)}</span>
                <textarea rows={Math.min(16, Math.max(7, lines.length + 1))} lang={tag} aria-describedby="examples-hint" value={lines.join("\n")} onInput={(event) => edit(setExamples(form, tag, event.currentTarget.value))} />
              </label>
            );
          })}
        </div>
        <Twins />
      </fieldset>
      <fieldset>
        <legend>{t.answers}</legend>
        <p class="hint">{t.answersHint}</p>
        <Fills form={form} />
        <ol class="answers">{form.texts.map((text) => <Answer key={text.at} form={form} text={text} />)}</ol>
      </fieldset>
      <Tests form={form} />
      <fieldset>
        <legend>{t.about}</legend>
        <div class="grid">
          <label>{t.stage}
            <select value={form.stage ?? "any"} onChange={(event) => edit({ ...form, stage: event.currentTarget.value === "any" ? null : event.currentTarget.value })}>
              {STAGES.map((stage) => <option key={stage} value={stage}>{t.stages[stage]}</option>)}
            </select>
          </label>
          <label>{t.owner}
            <select value={form.owner ?? ""} onChange={(event) => edit({ ...form, owner: event.currentTarget.value || null })}>
              <option value="">{t.nobody}</option>
              {overview.value?.teams.map(({ team }) => <option key={team} value={team}>{teamName(team)}</option>)}
            </select>
          </label>
          <label>{t.review}
            <input type="date" value={form.review_by ?? ""} onInput={(event) => edit({ ...form, review_by: event.currentTarget.value || null })} />
          </label>
        </div>
        <details>
          <summary>{t.patterns} ({form.patterns.length})</summary>
          <label><span class="sr">{t.patterns}</span>
            <textarea class="code" rows={4} spellcheck={false} aria-describedby="patterns-hint" value={form.patterns.join("\n")} onInput={(event) => edit({ ...form, patterns: linesOf(event.currentTarget.value) })} />
          </label>
          <p class="hint" id="patterns-hint">{t.patternsHint}</p>
          <p class="hint">{t.patternSample} <code>{"\\bpedido\\s*#?(?<order_number>\\d{7})\\b"}</code></p>
          <ul class="hint pattern-parts">{t.patternParts.map(([part, what]) => <li key={part}><code>{part}</code>: {what}</li>)}</ul>
        </details>
        <label>{t.ownNote}<textarea rows={2} aria-describedby="note-hint" value={form.note ?? ""} onInput={(event) => edit({ ...form, note: event.currentTarget.value || null })} /></label>
        <p class="hint" id="note-hint">{t.ownNoteHint}</p>
      </fieldset>
    </div>
  );
}

const TWINS = ["same_example", "near_example", "repeated_example"];

/** Sentences that another topic has too, or nearly, and those that stand here twice: said where they are typed. */
function Twins() {
  const es = lang.value === "es";
  const all = (checked.value?.problems ?? []).filter(({ code }) => TWINS.includes(code));
  return (
    <ul class="twins" aria-live="polite">
      {all.map((problem) => <li key={`${problem.line}${problem.message_en}`} class={problem.severity === "error" ? "bad" : ""}><Marked text={es ? problem.message_es : problem.message_en} /> <Way problem={problem} /></li>)}
    </ul>
  );
}

/** The field of an answer in which somebody wrote last: what is inserted goes there. */
let written: HTMLTextAreaElement | undefined;

function insert(name: string): void {
  const field = written?.isConnected ? written : document.querySelector<HTMLTextAreaElement>(".answers textarea");
  if (!field) return;
  field.setRangeText(`{${name}}`, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

/** What can stand in braces in an answer. */
function Fills({ form }: { form: TopicForm }) {
  const t = topicWords(lang.value);
  const seen = overview.value;
  const calls = new Set(form.texts.flatMap(({ trail }) => trail.map((one) => one.split(" = ")[0] ?? "")));
  const values = [...calls].flatMap((name) => seen?.calls[name] ?? []);
  const groups: readonly (readonly [string, readonly (readonly [string, string | null])[]])[] = [
    [t.fillsOwn, [...new Set([...form.slots, ...values])].map((name) => [name, null] as const)],
    [t.fillsFacts, (seen?.facts ?? []).map(({ fact, value }) => [fact, value] as const)],
    [t.fillsCommon, [["brand", null], ["assistant", null]]],
  ];
  return (
    <details>
      <summary>{t.fills}</summary>
      <p class="hint">{t.fillsHint}</p>
      {groups.filter(([, names]) => names.length > 0).map(([head, names]) => (
        <div key={head}>
          <b class="fills-head">{head}</b>
          <ul class="fills" lang={shownFor.value.lang}>{names.map(([name, value]) => <li key={name}><button type="button" class="link" onClick={() => insert(name)}><code>{`{${name}}`}</code></button>{value !== null && <span class="faint"> {value}</span>}</li>)}</ul>
        </div>
      ))}
    </details>
  );
}

/** A text in all its languages, in one or two styles. */
function Words({ id, words, label, set, long }: { id: string; words: Worded; label: string; set: (tag: string, wording: Wording | undefined) => void; long?: boolean }) {
  const t = topicWords(lang.value);
  const tags = tagsOf(words);
  const regions = [...new Set((overview.value?.sites ?? []).map(({ register }) => register))].filter((tag) => !tags.includes(tag));
  const field = (tag: string, value: string, name: string, change: (text: string) => void) => (
    <label key={name}><span>{name}<span class="sr">: {label}</span></span>
      {long
        ? <textarea id={`${id}-${name}`} rows={Math.min(8, 2 + Math.floor(value.length / 70) + value.split("\n").length - 1)} lang={tag} value={value} onFocus={(event) => (written = event.currentTarget)} onInput={(event) => change(event.currentTarget.value)} />
        : <input id={`${id}-${name}`} type="text" lang={tag} value={value} onInput={(event) => change(event.currentTarget.value)} />}
    </label>
  );
  return (
    <div class="by-lang">
      {tags.map((tag) => {
        const wording = words[tag] ?? "";
        const name = languageName(tag, lang.value);
        const isBase = overview.value?.languages.includes(tag);
        return (
          <div key={tag} class="wording">
            {typeof wording === "string"
              ? field(tag, wording, name, (text) => set(tag, text))
              : (["fast", "warm"] as const).map((style) => field(tag, wording[style], `${name}, ${t[style]}`, (text) => set(tag, { ...wording, [style]: text })))}
            <p class="wording-acts">
              {long && words[tag] !== undefined && (typeof wording === "string"
                ? <button type="button" class="link" onClick={() => set(tag, asStyles(wording))}>{t.both}<span class="sr">: {name}</span></button>
                : <button type="button" class="link" onClick={() => set(tag, asOne(wording))}>{t.one}<span class="sr">: {name}</span></button>)}
              {!isBase && <button type="button" class="link" onClick={() => set(tag, undefined)}>{t.removeRegion(name)}</button>}
            </p>
          </div>
        );
      })}
      {regions.length > 0 && (
        <p class="wording-acts">
          {regions.map((tag) => (
            <button key={tag} type="button" class="link" onClick={() => set(tag, words[tag.split("-")[0] ?? ""] ?? "")}>{t.addRegion}: {languageName(tag, lang.value)}</button>
          ))}
        </p>
      )}
    </div>
  );
}

function Answer({ form, text }: { form: TopicForm; text: TextBox }) {
  const t = topicWords(lang.value);
  const kind = t.kinds[text.kind] ?? text.kind;
  const where = [...text.trail.map(t.case), ...(text.when ? [t.when(text.when)] : [])];
  const topics = (overview.value?.topics ?? []).filter(({ topic }) => topic !== form.topic && !text.choices?.some(({ go }) => go === topic));
  const set = (change: Partial<TextBox>) => edit(setText(form, text.at, change));
  const label = `${kind} ${text.at}`;
  return (
    <li class="answer">
      <p class="answer-head"><b>{kind}</b> {where.map((one) => <span key={one} class="chip">{one}</span>)}</p>
      <Words id={text.at} long words={text.words} label={label} set={(tag, wording) => set({ words: setWords(text.words, tag, wording) })} />
      {text.choices && (
        <div class="choices-field">
          <span class="choices-name">{t.choices}</span>
          {text.choices.map((choice, index) => {
            const own = choice.title && Object.values(choice.title)[0];
            const title = (own === undefined ? undefined : asOne(own)?.toString()) ?? topicName(choice.go);
            return <span key={choice.go} class="chip">{title} <button type="button" class="link" aria-label={t.removeChoice(title)} onClick={() => set({ choices: without(text.choices ?? [], index) })}>×</button></span>;
          })}
          <label class="inline"><span class="sr">{t.addChoice}: {label}</span>
            <select value="" onChange={(event) => {
              if (event.currentTarget.value) set({ choices: addChoice(text.choices ?? [], event.currentTarget.value) });
              event.currentTarget.value = "";
            }}>
              <option value="">{t.addChoice}…</option>
              {topics.map(({ topic, title }) => <option key={topic} value={topic}>{title}</option>)}
            </select>
          </label>
        </div>
      )}
    </li>
  );
}

function Tests({ form }: { form: TopicForm }) {
  const t = topicWords(lang.value);
  const languages = overview.value?.languages ?? [];
  const last = useSignal(languages[0] ?? "es");
  return (
    <fieldset>
      <legend>{t.tests}</legend>
      <p class="hint">{t.testsHint}</p>
      <ol class="tests">
        {form.tests.map((test, index) => {
          const set = (changed: typeof test) => edit(setTest(form, index, changed));
          const aim = aimOf(test);
          const target = test.not ?? (aim === "expect" ? test.expect : undefined) ?? form.topic;
          const own = target === form.topic;
          const tags = languages.includes(test.lang) ? languages : [...languages, test.lang];
          return (
            <li key={index} class="test">
              <label class="test-say"><span class="sr">{t.say} {index + 1}</span><input type="text" lang={test.lang} placeholder={t.say} value={test.say} onInput={(event) => set({ ...test, say: event.currentTarget.value })} /></label>
              <label><span class="sr">{t.language} {index + 1}</span>
                <select value={test.lang} onChange={(event) => {
                  last.value = event.currentTarget.value;
                  set({ ...test, lang: event.currentTarget.value });
                }}>{tags.map((tag) => <option key={tag} value={tag}>{tag}</option>)}</select>
              </label>
              <label><span class="sr">{t.aim} {index + 1}</span>
                <select value={aim} onChange={(event) => set(withAim(test, event.currentTarget.value as Aim, form.topic))}>
                  <option value="expect">{own || aim !== "expect" ? t.expect : topicName(target)}</option>
                  <option value="not">{own || aim !== "not" ? t.not : t.anyBut(topicName(target))}</option>
                  <option value="outside">{t.outside}</option>
                </select>
              </label>
              <button type="button" class="quiet" aria-label={t.removeTest(index + 1)} onClick={() => edit({ ...form, tests: without(form.tests, index) })}>×</button>
              {test.slots && <small class="test-slots">{t.needs(Object.entries(test.slots).map(([name, value]) => `${name} = ${value}`).join(", "))}</small>}
            </li>
          );
        })}
      </ol>
      <button type="button" onClick={() => edit({ ...form, tests: [...form.tests, { say: "", lang: last.value, expect: form.topic }] })}>{t.addTest}</button>
    </fieldset>
  );
}
