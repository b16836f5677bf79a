// All topics, the drafts that wait, what was changed last, and what is wrong with the files as they stand.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Catalog, api } from "../../api";
import { failed, lang, teamName, words } from "../../app";
import { moment } from "../../model/time";
import { link } from "../../route";
import { Icon } from "../../ui/icons";
import { Problems } from "./Marked";
import { New } from "./New";
import { topicWords } from "./words";
import { type DraftLine, server } from "./wire";
import { busy, look, overview, undo } from "./work";

/** The words of a search are sent this long after the last key. */
const PAUSE_MS = 250;

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function List() {
  const w = words.value;
  const t = topicWords(lang.value);
  const catalog = useSignal<Catalog | undefined>(undefined);
  const drafts = useSignal<readonly DraftLine[]>([]);
  const wanted = useSignal("");
  const making = useSignal(false);
  const load = async () => {
    try {
      const [read, kept] = await Promise.all([api.catalog(), server.drafts()]);
      catalog.value = read;
      drafts.value = kept.drafts;
    } catch (error) {
      failed(error);
    }
  };
  useEffect(() => void load(), []);
  const said = useSignal<readonly { topic: string; lang: string; example: string }[]>([]);
  useEffect(() => {
    const words = wanted.value.trim();
    if (words.length < 2) {
      said.value = [];
      return undefined;
    }
    const due = setTimeout(() => void server.find(words).then(({ found }) => {
      if (wanted.peek().trim() === words) said.value = found;
    }, failed), PAUSE_MS);
    return () => clearTimeout(due);
  }, [wanted.value]);
  const now = catalog.value;
  const seen = overview.value;
  const broken = now?.problems.filter(({ severity }) => severity === "error") ?? [];
  const warned = now?.problems.filter(({ severity }) => severity !== "error") ?? [];
  const found = (seen?.topics ?? []).filter(({ topic, title }) => plain(`${topic} ${title}`).includes(plain(wanted.value.trim())) || said.value.some((one) => one.topic === topic));
  const open = drafts.value.filter(({ state }) => state === "draft" || state === "approved");
  const published = drafts.value.filter(({ state }) => state === "published").slice(0, 5);
  return (
    <>
      <header class="page-head">
        <h1>{w.pages.topics}</h1>
        {now && <p class="lead">{t.topicsLead(now.topics, moment(now.loaded_at, lang.value))} · {t.version} <code>{now.version}</code></p>}
        <p class="card-acts">
          <button type="button" class="primary" aria-expanded={making.value} onClick={() => (making.value = !making.value)}>{t.new}</button>
          <button type="button" onClick={() => {
            void load();
            void look();
          }}>{t.reloadList}</button>
        </p>
      </header>
      {now && broken.length > 0 && <section class="bar" role="alert" aria-labelledby="broken-head"><h2 id="broken-head">{t.brokenFiles(broken.length)}</h2><p>{t.problemsLead}</p><Problems all={broken} /></section>}
      {making.value && <New cancel={() => (making.value = false)} />}
      <section aria-labelledby="drafts-head">
        <h2 id="drafts-head">{t.drafts}</h2>
        {open.length === 0 ? <p class="empty">{t.noDrafts}</p> : <Lines of={open} />}
      </section>
      <section aria-labelledby="all-head">
        <div class="section-head">
          <h2 id="all-head">{t.all}</h2>
          <label class="inline">{t.find} <input type="search" placeholder={t.findHint} value={wanted.value} onInput={(event) => (wanted.value = event.currentTarget.value)} /></label>
        </div>
        {found.length === 0
          ? seen && <p class="empty">{t.none}</p>
          : (
            <div class="table-box" tabIndex={0} role="region" aria-labelledby="all-head">
              <table class="table">
                <thead><tr><th scope="col">{t.columns.title}</th><th scope="col">{t.columns.examples}</th><th scope="col">{t.columns.tests}</th><th scope="col">{t.columns.owner}</th><th scope="col">{t.columns.review}</th></tr></thead>
                <tbody>
                  {found.map(({ topic, title, path, examples, tests, owner, review_by }) => (
                    <tr key={topic}>
                      <td>
                        <a href={link({ page: "topics", within: topic })}>{title}</a>
                        {open.filter(({ files }) => files.includes(path)).map((draft) => <a key={draft.id} class="state" href={link({ page: "topics", within: draft.id })}>{t.states[draft.state]}<span class="sr">: {title}</span></a>)}
                        <small><code>{topic}</code></small>
                        {said.value.filter((one) => one.topic === topic).map(({ lang: tag, example }) => <small key={example}><q lang={tag}>{example}</q></small>)}
                      </td>
                      <td data-name={t.columns.examples}>{examples}</td><td data-name={t.columns.tests}>{tests}</td>
                      <td data-name={t.columns.owner}>{owner ? teamName(owner) : "–"}</td><td data-name={t.columns.review}>{review_by ?? "–"}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
      </section>
      {seen && seen.shared.length > 0 && (
        <section aria-labelledby="shared-head">
          <h2 id="shared-head">{t.shared}</h2>
          <ul class="cards">
            {seen.shared.map((path) => (
              <li key={path} class="card-line"><a href={link({ page: "topics", within: path })}><code>{path}</code></a> {t.sharedHint(path)}</li>
            ))}
          </ul>
        </section>
      )}
      {published.length > 0 && (
        <section aria-labelledby="published-head">
          <h2 id="published-head">{t.published}</h2>
          <p class="hint">{t.undoHint}</p>
          <Lines of={published} undoing />
        </section>
      )}
      {now && (now.problems.length === 0
        ? <p class="all-good"><Icon name="check" /> {t.noProblems}</p>
        : warned.length > 0 && (
          <section>
            <h2>{t.problemCount(warned.length)}</h2>
            <Problems all={warned} />
          </section>
        ))}
    </>
  );
}

function Lines({ of, undoing }: { of: readonly DraftLine[]; undoing?: boolean }) {
  const t = topicWords(lang.value);
  return (
    <ul class="cards">
      {of.map((draft) => {
        const last = draft.history.at(-1);
        const name = draft.note || (draft.undoes ? t.undoing : draft.files.join(", ")) || t.untitled;
        return (
          <li key={draft.id} class="card-line">
            <p class="card-head"><b>{name}</b> <span class={`state state-${draft.state}`}>{t.states[draft.state]}</span></p>
            <p><code>{draft.files.join(", ")}</code></p>
            {last && <p class="faint">{t.acts[last.act]}: {t.by(last.by.name, moment(last.at, lang.value))}</p>}
            <p class="card-acts">
              <a class="button" href={link({ page: "topics", within: draft.id })}>{t.openIt}<span class="sr">: {name}</span></a>
              {undoing && <button type="button" disabled={busy.value} onClick={() => void undo(draft.id)}>{t.undo}<span class="sr">: {name}</span></button>}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
