// What is made of a group: phrases for a topic, a topic of its own, a test case. Each ends in a draft.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId } from "preact/hooks";
import type { Lang, TopicId } from "../../../protocol/types";
import { failed, lang, words } from "../../app";
import { type Filters, type Group, type Proposal, type Wish, proposal } from "./api";
import { drafts } from "./Missed";
import { examplesOf, langOf, linesOf } from "./model";
import { teachingWords } from "./words";

interface Shared { group: Group; done: (wish: Wish) => void; leave: () => void }
interface WithTopics extends Shared { near: TopicId | undefined; topics: Readonly<Record<string, string>> }

function DraftField({ value, onPick }: { value: string; onPick: (draft: string) => void }) {
  const t = teachingWords(lang.value);
  return (
    <label>{t.draft}
      <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        <option value="">{t.newDraft}</option>
        {drafts.value.map(({ id, note }) => <option key={id} value={id}>{note || id}</option>)}
      </select>
    </label>
  );
}

function TopicField({ value, topics, onPick }: { value: string; topics: Readonly<Record<string, string>>; onPick: (topic: string) => void }) {
  const t = teachingWords(lang.value);
  const sorted = Object.entries(topics).sort(([, a], [, b]) => a.localeCompare(b, lang.value));
  return (
    <label>{t.topic}
      <select required value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        <option value="">{t.pickTopic}</option>
        {sorted.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
      </select>
    </label>
  );
}

function LangField({ value, onPick }: { value: Lang; onPick: (lang: Lang) => void }) {
  const t = teachingWords(lang.value);
  return (
    <label>{t.exampleLang}
      <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {["es", "en"].map((one) => <option key={one} value={one}>{words.value.languages[one] ?? one}</option>)}
      </select>
    </label>
  );
}

function Examples({ value, onInput }: { value: string; onInput: (text: string) => void }) {
  const t = teachingWords(lang.value);
  const hint = useId();
  return (
    <div class="wide">
      <label>{t.examples}
        <textarea required rows={5} aria-describedby={hint} value={value} onInput={(event) => onInput(event.currentTarget.value)} />
      </label>
      <p class="hint" id={hint}>{t.examplesHint}</p>
    </div>
  );
}

function Ends({ leave, children }: { leave: () => void; children?: ComponentChildren }) {
  const t = teachingWords(lang.value);
  return (
    <div class="search-acts wide">
      <button type="submit" class="primary">{t.add}</button>
      {children}
      <button type="button" onClick={leave}>{t.cancel}</button>
    </div>
  );
}

export function AddForm({ group, near, topics, done, leave }: WithTopics) {
  const t = teachingWords(lang.value);
  const topic = useSignal<string>(near ?? "");
  const tag = useSignal(langOf(group));
  const draft = useSignal("");
  const text = useSignal(examplesOf(group));
  return (
    <form class="grid" aria-label={t.addToTopic} onSubmit={(event) => {
      event.preventDefault();
      done({ what: "topic", topic: topic.value, examples: { [tag.value]: linesOf(text.value) }, ...(draft.value && { draft: draft.value }) });
    }}>
      <TopicField value={topic.value} topics={topics} onPick={(one) => (topic.value = one)} />
      <LangField value={tag.value} onPick={(one) => (tag.value = one)} />
      <DraftField value={draft.value} onPick={(one) => (draft.value = one)} />
      <Examples value={text.value} onInput={(one) => (text.value = one)} />
      <Ends leave={leave} />
    </form>
  );
}

/** What is none of ours: sentences that the assistant learns not to answer, or only a group that goes. */
export function NotOursForm({ group, done, leave }: { group: Group; done: (wish: Wish, learnt: boolean) => void; leave: () => void }) {
  const t = teachingWords(lang.value);
  const tag = useSignal(langOf(group));
  const draft = useSignal("");
  const text = useSignal(examplesOf(group));
  return (
    <form class="grid" aria-label={t.notForUs} onSubmit={(event) => {
      event.preventDefault();
      done({ what: "not_for_us", examples: { [tag.value]: linesOf(text.value) }, ...(draft.value && { draft: draft.value }) }, true);
    }}>
      <p class="hint wide">{t.notOursHint}</p>
      <LangField value={tag.value} onPick={(one) => (tag.value = one)} />
      <DraftField value={draft.value} onPick={(one) => (draft.value = one)} />
      <Examples value={text.value} onInput={(one) => (text.value = one)} />
      <Ends leave={leave}><button type="button" onClick={() => done({ what: "not_for_us", examples: {} }, false)}>{t.onlyNote}</button></Ends>
    </form>
  );
}

export function TestForm({ group, near, topics, done, leave }: WithTopics) {
  const t = teachingWords(lang.value);
  const topic = useSignal<string>(near ?? "");
  const draft = useSignal("");
  const phrase = useSignal(group.phrases[0]?.example ?? "");
  const tag = useSignal(langOf(group));
  const hint = useId();
  return (
    <form class="grid" aria-label={t.makeTest} onSubmit={(event) => {
      event.preventDefault();
      done({ what: "test", topic: topic.value, say: phrase.value, lang: tag.value, ...(draft.value && { draft: draft.value }) });
    }}>
      <div class="wide">
        <label>{t.say}
          <input type="text" required maxLength={400} aria-describedby={hint} value={phrase.value} onInput={(event) => (phrase.value = event.currentTarget.value)} />
        </label>
        <p class="hint" id={hint}>{t.testHint}</p>
      </div>
      <TopicField value={topic.value} topics={topics} onPick={(one) => (topic.value = one)} />
      <LangField value={tag.value} onPick={(one) => (tag.value = one)} />
      <DraftField value={draft.value} onPick={(one) => (draft.value = one)} />
      <Ends leave={leave} />
    </form>
  );
}

export function TopicForm({ group, filters, done, leave }: Shared & { filters: Filters }) {
  const t = teachingWords(lang.value);
  const made = useSignal<Proposal | undefined>(undefined);
  const name = useSignal("");
  const title = useSignal({ es: "", en: "" });
  const answer = useSignal({ es: "", en: "" });
  const tag = useSignal(langOf(group));
  const text = useSignal(examplesOf(group));
  const draft = useSignal("");
  const hint = useId();
  useEffect(() => {
    if (group.solved > 0) void proposal(group.id, filters).then((known) => (made.value = known), failed);
  }, [group.id]);
  const both = [["es", t.inEs], ["en", t.inEn]] as const;
  return (
    <form class="grid" aria-label={t.makeTopic} onSubmit={(event) => {
      event.preventDefault();
      done({
        what: "new_topic",
        new: { topic: name.value, title: title.value, examples: { [tag.value]: linesOf(text.value) }, answer: answer.value },
        ...(draft.value && { draft: draft.value }),
      });
    }}>
      {group.solved > 0 && (
        <div class="made wide">
          <p><b>{t.proposed}</b></p>
          <p class="hint">{t.proposedHint}</p>
          {made.value && made.value.answers.length === 0 && <p>{t.noProposal}</p>}
          {made.value?.answers.map((one) => (
            <p key={one.of} class="made-link"><q lang={made.value?.lang}>{one.text}</q> <span>{t.byAgent(one.agent)}</span>{" "}
              <button type="button" onClick={() => {
                const to = made.value?.lang === "en" ? "en" : "es";
                answer.value = { ...answer.value, [to]: [answer.value[to], one.text].filter(Boolean).join("\n") };
              }}>{t.useAnswer}</button>
            </p>
          ))}
        </div>
      )}
      <div>
        <label>{t.name}
          <input type="text" required pattern="[a-z][a-z0-9_]*" maxLength={64} autocapitalize="none" autocomplete="off" aria-describedby={hint}
            value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} />
        </label>
        <p class="hint" id={hint}>{t.nameHint}</p>
      </div>
      {both.map(([one, told]) => (
        <label key={one}>{t.title} {told}
          <input type="text" required maxLength={60} value={title.value[one]}
            onInput={(event) => (title.value = { ...title.value, [one]: event.currentTarget.value })} />
        </label>
      ))}
      <LangField value={tag.value} onPick={(one) => (tag.value = one)} />
      <Examples value={text.value} onInput={(one) => (text.value = one)} />
      {both.map(([one, told]) => (
        <label key={one} class="wide">{t.answer} {told}
          <textarea required rows={3} value={answer.value[one]} lang={one}
            onInput={(event) => (answer.value = { ...answer.value, [one]: event.currentTarget.value })} />
        </label>
      ))}
      <DraftField value={draft.value} onPick={(one) => (draft.value = one)} />
      <Ends leave={leave} />
    </form>
  );
}
