// What was said before: found by words, days, topic, outcome and agent; opened to be read, or kept as a file.

import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ConversationId, Outcome, Timestamp } from "../../protocol/types";
import { type Names, api, call } from "../api";
import { failed, lang, person, show, words } from "../app";
import { FORMATS, type Filters, anything, queryOf, transcriptOf } from "../model/history";
import { moment } from "../model/time";
import { link, route } from "../route";
import { Icon } from "../ui/icons";
import { historyWords } from "./historyWords";

interface Named { id: string; name: string }

interface Row {
  conversation: ConversationId;
  opened: Timestamp;
  closed: Timestamp | null;
  outcome: Outcome | null;
  /** Goes on in this one. */
  merged_into?: ConversationId;
  topic: Named | null;
  agents: Named[];
  teams: Named[];
  cases: string[];
  excerpt: string;
}

interface Found {
  rows: Row[];
  next: string | null;
  time_zone: string;
  catching_up: boolean;
  scan?: { scanned: number; until: Timestamp | null };
}

// What was found stays while one reads a conversation at the desk.
const filters = signal<Filters>(anything);
const asked = signal<Filters>(anything);
const found = signal<Found | undefined>(undefined);
const busy = signal(false);

/** The number whose conversations are shown, as the page of insights asks for them. */
const behind = (): string | undefined => {
  const { page, within } = route.peek();
  return page === "history" ? within : undefined;
};

async function search(wanted: Filters, before?: string): Promise<void> {
  asked.value = wanted;
  busy.value = true;
  try {
    const number = behind();
    const query = number === undefined ? queryOf(wanted, before) : new URLSearchParams(number);
    if (number !== undefined && before !== undefined) query.set("before", before);
    const page = await call<Found>("GET", `/v1/history?${query}`);
    // Something else was asked for meanwhile.
    if (asked.value !== wanted || behind() !== number) return;
    const known = before === undefined ? undefined : found.value;
    found.value = known
      ? { ...page, rows: [...known.rows, ...page.rows],
        ...(page.scan ? { scan: { scanned: page.scan.scanned + (known.scan?.scanned ?? 0), until: page.scan.until ?? known.scan?.until ?? null } } : {}) }
      : page;
  } catch (error) {
    failed(error);
  } finally {
    if (asked.value === wanted) busy.value = false;
  }
}

export function History() {
  const h = historyWords(lang.value);
  const w = words.value;
  const { within } = route.value;
  useEffect(() => void search(asked.peek()), [person.value?.id, within]);
  return (
    <>
      <header class="page-head"><h1>{w.pages.history}</h1><p class="lead">{h.lead}</p></header>
      {within === undefined ? <Form /> : <p class="lead">{h.behind} <a href={link({ page: "insights" })}>{w.pages.insights}</a> · <a href={link({ page: "history" })}>{h.all}</a></p>}
      {found.value && <Results found={found.value} />}
      {!found.value && busy.value && <p class="empty" role="status">{h.searching}</p>}
    </>
  );
}

function Form() {
  const h = historyWords(lang.value);
  const w = words.value;
  const names = useSignal<Names>({ topics: {}, teams: {} });
  const agents = useSignal<Named[]>([]);
  const me = person.value;
  const leads = me != null && me.role !== "agent";
  const tag = lang.value;
  // Without the names the lists of the form are short; everything else works.
  useEffect(() => void api.names(tag).then((known) => (names.value = known), failed), [tag]);
  useEffect(() => {
    if (leads) void api.people().then(({ people }) => (agents.value = people), failed);
    else if (me) agents.value = [{ id: me.id, name: h.me }];
  }, [me?.id, tag]);
  const set = (change: Partial<Filters>) => (filters.value = { ...filters.value, ...change });
  const { text, from, to, topic, outcome, agent } = filters.value;
  const topics = Object.entries(names.value.topics).sort(([, a], [, b]) => a.localeCompare(b, tag));
  const outcomes = Object.entries(w.outcomes);
  return (
    <form class="grid" role="search" aria-label={w.pages.history} onSubmit={(event) => {
      event.preventDefault();
      void search(filters.value);
    }}>
      <div class="wide">
        <label>{h.text}
          <input type="search" maxLength={200} autocomplete="off" aria-describedby="history-hint" value={text}
            onInput={(event) => set({ text: event.currentTarget.value })} />
        </label>
        <p class="hint" id="history-hint">{h.textHint}</p>
      </div>
      <label>{h.from}
        <input type="date" value={from} max={to} onInput={(event) => set({ from: event.currentTarget.value })} />
      </label>
      <label>{h.to}
        <input type="date" value={to} min={from} onInput={(event) => set({ to: event.currentTarget.value })} />
      </label>
      <label>{h.topic}
        <select value={topic} onChange={(event) => set({ topic: event.currentTarget.value })}>
          <option value="">{h.anyTopic}</option>
          {topics.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
        </select>
      </label>
      <label>{h.outcome}
        <select value={outcome} onChange={(event) => set({ outcome: event.currentTarget.value })}>
          <option value="">{h.anyOutcome}</option>
          <option value="open">{h.open}</option>
          {outcomes.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
        </select>
      </label>
      <label>{h.agent}
        <select value={agent} onChange={(event) => set({ agent: event.currentTarget.value })}>
          <option value="">{h.anyAgent}</option>
          {agents.value.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
        </select>
      </label>
      <div class="search-acts">
        <button type="submit" class="primary"><Icon name="search" /> {h.search}</button>
        <button type="button" onClick={() => {
          filters.value = anything;
          void search(anything);
        }}>{h.clear}</button>
      </div>
    </form>
  );
}

function Results({ found: { rows, next, scan, time_zone, catching_up } }: { found: Found }) {
  const h = historyWords(lang.value);
  const w = words.value;
  const notes = useSignal(false);
  const leads = person.value?.role !== "agent";
  const when = (at: Timestamp) => moment(at, lang.value);
  const reach = scan && (next === null ? h.whole : scan.until === null ? "" : h.reached(scan.scanned, when(scan.until)));
  return (
    <section aria-busy={busy.value}>
      <div class="section-head">
        <h2>{h.results}</h2>
        {leads && rows.length > 0 && (
          <label class="check">
            <input type="checkbox" checked={notes.value} onChange={(event) => (notes.value = event.currentTarget.checked)} /> {h.notes}
          </label>
        )}
      </div>
      {catching_up && <p class="hint">{h.catchingUp}</p>}
      {rows.length === 0
        ? <p class="empty">{next === null ? h.none : h.noneYet}</p>
        : (
          <div class="table-box" tabIndex={0} role="group" aria-label={h.results}>
            <table class="table">
              <caption class="sr">{h.results}</caption>
              <thead>
                <tr>
                  <th scope="col">{w.columns.when}</th><th scope="col">{h.topic}</th><th scope="col">{h.excerpt}</th>
                  <th scope="col">{h.agent}</th><th scope="col">{h.outcome}</th><th scope="col">{w.columns.act}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={`${row.conversation}${row.opened}`}>
                    <td data-name={w.columns.when}><time dateTime={new Date(row.opened).toISOString()}>{when(row.opened)}</time></td>
                    <td data-name={h.topic}>{row.topic?.name ?? "—"}{row.cases.map((number) => <small key={number}>{h.caseNumber(number)}</small>)}</td>
                    <td data-name={h.excerpt} class="said-cell">{row.excerpt ? <q>{row.excerpt}</q> : "—"}</td>
                    <td data-name={h.agent}>
                      {row.agents.length > 0 ? row.agents.map(({ name }) => name).join(", ") : w.assistant}
                      {row.teams.length > 0 && <small>{row.teams.map(({ name }) => name).join(", ")}</small>}
                    </td>
                    <td data-name={h.outcome}>{row.outcome ? w.outcomes[row.outcome] : row.merged_into ? h.merged : h.open}</td>
                    <td class="row-acts">
                      <button type="button" onClick={() => show(row.conversation)}>{w.openTalk}</button>
                      <span class="keep-as"><Icon name="file" /> {h.keep}:{" "}
                        {FORMATS.map((format) => (
                          <a key={format} href={transcriptOf(row.conversation, format, notes.value && leads)} download
                            aria-label={h.keepAs(h.formats[format], when(row.opened))}>{h.formats[format]}</a>
                        ))}
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      <p class="hint" role="status">{[h.shown(rows.length) + ".", reach, h.days(time_zone)].filter(Boolean).join(" ")}</p>
      {next !== null && (
        <button type="button" disabled={busy.value} onClick={() => void search(asked.value, next)}>{scan ? h.goOn : h.more}</button>
      )}
    </section>
  );
}
