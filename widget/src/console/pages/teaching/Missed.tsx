// What the assistant missed, in groups: looked at, decided, turned into a change of the topic files that waits as a draft.

import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Outcome, TopicId } from "../../../protocol/types";
import { type Names, api } from "../../api";
import { failed, lang, person, say, show, words } from "../../app";
import { day, moment } from "../../model/time";
import { link } from "../../route";
import { Icon } from "../../ui/icons";
import { type Decision, type Draft, type Filters, type Group, type Inbox, MISSES, type Times, type Wish, anything, decide, group as whole, inbox,
  openDrafts, undo } from "./api";
import { AddForm, NotOursForm, TestForm, TopicForm } from "./forms";
import { Rehearsals } from "./Rehearsals";
import sheet from "./teaching.css";
import { teachingWords } from "./words";

/** The dress comes with the page: it is not needed before. */
const dress = new CSSStyleSheet();
dress.replaceSync(sheet);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, dress];

// What was found stays while one reads a conversation at the desk.
const filters = signal<Filters>(anything);
const found = signal<Inbox | undefined>(undefined);
const busy = signal(false);
const names = signal<Names>({ topics: {}, teams: {} });
export const drafts = signal<readonly Draft[]>([]);

async function load(from = 0): Promise<void> {
  const asked = filters.value;
  busy.value = true;
  try {
    const page = await inbox(asked, from);
    // Something else was asked for meanwhile.
    if (asked !== filters.value) return;
    found.value = from > 0 && found.value ? { ...page, groups: [...found.value.groups, ...page.groups] } : page;
  } catch (error) {
    failed(error);
  } finally {
    if (asked === filters.value) busy.value = false;
  }
}

export async function readDrafts(): Promise<void> {
  if (person.value?.role !== "admin") return;
  try {
    drafts.value = await openDrafts();
  } catch (error) {
    failed(error);
  }
}

export const titleOf = (topic: TopicId): string => names.value.topics[topic] ?? topic;

export function Missed() {
  const t = teachingWords(lang.value);
  const w = words.value;
  const tag = lang.value;
  useEffect(() => void load(), [person.value?.id]);
  useEffect(() => void readDrafts(), [person.value?.id]);
  useEffect(() => void api.names(tag).then((known) => (names.value = known), failed), [tag]);
  return (
    <>
      <header class="page-head"><h1>{w.pages.missed}</h1><p class="lead">{t.lead}</p></header>
      <Form />
      {found.value && <Groups found={found.value} />}
      {!found.value && busy.value && <p class="empty" role="status">{t.loading}</p>}
      <Rehearsals />
    </>
  );
}

function Form() {
  const t = teachingWords(lang.value);
  const w = words.value;
  const sites = [...new Set([...(found.value?.groups ?? []).flatMap((one) => Object.keys(one.sites)), filters.value.site])].filter(Boolean).sort();
  const set = (change: Partial<Filters>) => {
    filters.value = { ...filters.value, ...change };
    void load();
  };
  const pick = (name: keyof Filters, label: string, options: readonly (readonly [string, string])[]) => (
    <label>{label}
      <select value={filters.value[name]} onChange={(event) => set({ [name]: event.currentTarget.value })}>
        {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
    </label>
  );
  return (
    <form class="grid" role="search" aria-label={w.pages.missed} onSubmit={(event) => event.preventDefault()}>
      {pick("state", t.show, Object.entries(t.states))}
      {pick("days", t.period, Object.entries(t.days))}
      {pick("miss", t.reason, [["", t.anyReason], ...MISSES.map((miss) => [miss, t.reasons[miss] ?? miss] as const)])}
      {sites.length > 1 && pick("site", t.site, [["", t.anySite], ...sites.map((one) => [one, one] as const)])}
      {pick("lang", t.language, [["", t.anyLanguage], ...["es", "en"].map((one) => [one, w.languages[one] ?? one] as const)])}
    </form>
  );
}

function Groups({ found: { groups, messages, more, next, catching_up } }: { found: Inbox }) {
  const t = teachingWords(lang.value);
  const w = words.value;
  const untouched = filters.value.state === "open" && filters.value.miss === "" && filters.value.site === "" && filters.value.lang === "";
  return (
    <section aria-busy={busy.value}>
      <h2 class="sr">{w.pages.missed}</h2>
      <p class="hint" role="status">{[t.groups(groups.length, messages), more && t.cut, catching_up && t.catchingUp].filter(Boolean).join(" ")}</p>
      {groups.length === 0 && <p class="empty">{untouched ? t.none : t.noneSuch}</p>}
      <ol class="problems">
        {groups.map((group) => <Card key={group.id} group={group} />)}
      </ol>
      {next !== null && <button type="button" disabled={busy.value} onClick={() => void load(next)}>{t.more}</button>}
    </section>
  );
}

type Open = "add" | "topic" | "test" | "not_ours" | undefined;

function Card({ group }: { group: Group }) {
  const t = teachingWords(lang.value);
  const w = words.value;
  const form = useSignal<Open>(undefined);
  const all = useSignal<Group | undefined>(undefined);
  const shown = all.value ?? group;
  const admin = person.value?.role === "admin";
  const near = group.meant[0]?.topic ?? group.suggested?.topic;
  const date = (at: number) => day(at, lang.value);
  const list = (times: readonly Times[]) => times.map(({ topic, count }) => `${titleOf(topic)} ×${count}`).join(", ");
  const facts = [
    t.people(group.conversations),
    t.between(date(group.first), date(group.last)),
    Object.keys(group.langs).map((one) => w.languages[one] ?? one).join(", "),
    Object.keys(group.sites).join(", "),
  ];
  const wish = async (wanted: Wish, told: string) => {
    try {
      await decide(group.id, filters.value, wanted);
      say(told);
      form.value = undefined;
      await Promise.all([load(), readDrafts()]);
    } catch (error) {
      failed(error);
    }
  };
  const back = async (decision: Decision) => {
    try {
      await undo(decision.id);
      say(t.undone);
      await load();
    } catch (error) {
      failed(error);
    }
  };
  const toggle = (one: Open) => (form.value = form.value === one ? undefined : one);
  const more = (name: string) => <span class="sr">{name}</span>;
  const deed = (one: Exclude<Open, undefined>, label: string, primary = false) => (
    <button type="button" class={primary ? "primary" : undefined} aria-expanded={form.value === one} onClick={() => toggle(one)}>
      {label}{more(t.of(group.text))}
    </button>
  );
  return (
    <li class="problem missed">
      <h3 lang={shown.phrases[0]?.lang}><q>{group.text}</q> ×{group.count}</h3>
      <p class="faint">{facts.filter(Boolean).join(" · ")}</p>
      <p>{Object.entries(group.misses).map(([miss, count]) => `${t.misses[miss] ?? miss} ×${count}`).join(" · ")}</p>
      <p>
        <b>{t.suggested}:</b> {group.suggested
          ? <>{titleOf(group.suggested.topic)} <span class="faint">({t.sure(group.suggested.confidence.toLocaleString(lang.value, { maximumFractionDigits: 2 }))})</span></>
          : t.nothingNear}
        {group.meant.length > 0 && <> · <b>{t.meant}:</b> {list(group.meant)}</>}
        {group.answered.length > 0 && <> · <b>{t.answered}:</b> {list(group.answered)}</>}
      </p>
      {Object.keys(group.outcomes).length > 0 && (
        <p><b>{t.ended}:</b> {Object.entries(group.outcomes).map(([outcome, count]) => `${w.outcomes[outcome as Outcome]} ×${count}`).join(", ")}.
          {group.solved > 0 && <> {t.solvedBy(group.solved)}</>}</p>
      )}
      {group.learnt !== null && <p class="all-good"><Icon name="check" /> {t.learntAs(titleOf(group.learnt))}</p>}
      {group.decision && (
        <p><Icon name="check" /> <b>{told(group.decision)}</b> <span class="faint">({t.decidedBy(group.decision.by, moment(group.decision.at, lang.value))})</span>{" "}
          {admin && group.decision.draft && <a class="link" href={link({ page: "topics", within: group.decision.draft })}>{t.openDraft}{more(t.of(group.text))}</a>}{" "}
          {admin && <button type="button" onClick={() => void back(group.decision!)}>{t.undo}{more(t.of(group.text))}</button>}</p>
      )}
      <details onToggle={(event) => {
        if (event.currentTarget.open && !all.value && group.distinct > group.phrases.length) {
          void whole(group.id, filters.value).then((known) => (all.value = known), failed);
        }
      }}>
        <summary>{t.phrases(group.distinct)}{more(t.of(group.text))}</summary>
        <ul>
          {shown.phrases.map((phrase) => (
            <li key={phrase.of}>
              <q lang={phrase.lang}>{phrase.text}</q>{phrase.count > 1 && <> ×{phrase.count}</>}{" "}
              <button type="button" class="link" onClick={() => show(phrase.conversation)} aria-label={t.openOf(phrase.text)}>{t.open}</button>
            </li>
          ))}
          {shown.distinct > shown.phrases.length && <li class="faint">{t.morePhrases(shown.distinct - shown.phrases.length)}</li>}
        </ul>
      </details>
      {admin && (
        <div class="search-acts">
          {deed("add", near ? t.addTo(titleOf(near)) : t.addToTopic, near !== undefined)}
          {deed("topic", t.makeTopic)}
          {deed("test", t.makeTest)}
          {group.decision === null && (
            <>
              {deed("not_ours", t.notForUs)}
              <button type="button" onClick={() => void wish({ what: "ignore" }, t.ignored)}>{t.ignore}{more(t.of(group.text))}</button>
            </>
          )}
        </div>
      )}
      {form.value === "add" && <AddForm group={shown} near={near} topics={names.value.topics} done={(made) => void wish(made, t.saved)} leave={() => toggle("add")} />}
      {form.value === "topic" && <TopicForm group={shown} filters={filters.value} done={(made) => void wish(made, t.saved)} leave={() => toggle("topic")} />}
      {form.value === "test" && <TestForm group={shown} near={near} topics={names.value.topics} done={(made) => void wish(made, t.saved)} leave={() => toggle("test")} />}
      {form.value === "not_ours" && <NotOursForm group={shown} done={(made, learnt) => void wish(made, learnt ? t.saved : t.notOurs)} leave={() => toggle("not_ours")} />}
    </li>
  );
}

function told(decision: Decision): string {
  const { decided } = teachingWords(lang.value);
  const topic = titleOf(decision.topic ?? "");
  switch (decision.what) {
    case "topic": return decided.topic(topic);
    case "test": return decided.test(topic);
    case "not_for_us": return decided.not_for_us;
    case "ignored": return decided.ignored;
  }
}
