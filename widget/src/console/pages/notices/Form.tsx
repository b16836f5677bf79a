// The form of a notice: words in each language, topics, sites, next update. What is rarely touched is folded, so that a phone shows the rest.

import { useSignal } from "@preact/signals";
import type { Lang } from "../../../protocol/types";
import { ApiError } from "../../api";
import { failed, lang, say } from "../../app";
import { moment } from "../../model/time";
import { Icon } from "../../ui/icons";
import { Languages, firstOf, toggled } from "../../ui/texts";
import { languageName } from "../../words";
import { type Book, type Notice, type Text, post, read, reworded, said } from "./api";
import { noticeWords } from "./words";

type Field = "title" | "apology" | "happens" | "workaround" | "fixed";

const MINUTE_MS = 60_000;
const TITLE_MAX = 80;
const TEXT_MAX = 600;

/** A moment as a field of the browser has it, in the time of the device. */
const local = (at: number): string => {
  const date = new Date(at - new Date(at).getTimezoneOffset() * MINUTE_MS);
  return date.toISOString().slice(0, 16);
};

export function Form({ book, begin, done }: { book: Book; begin: { notice: Notice; seen?: number }; done: () => void }) {
  const n = noticeWords(lang.value);
  const notice = useSignal<Notice>(begin.notice);
  const tag = useSignal<Lang>(firstOf(book.languages));
  const set = (change: Partial<Notice>) => (notice.value = { ...notice.value, ...change });
  const now = notice.value;
  const next = now.next_update;

  const save = async () => {
    // A text that nobody wrote is none.
    const filled = (text: Text | undefined) => text && Object.values(text).some((wording) => typeof wording !== "string" || wording.trim() !== "");
    const { workaround, fixed, ...rest } = notice.value;
    const whole: Notice = { ...rest, ...(filled(workaround) && { workaround }), ...(filled(fixed) && { fixed }) } as Notice;
    try {
      await post(whole, begin.seen);
      say(n.posted);
      await read();
      done();
    } catch (error) {
      if (error instanceof ApiError && error.code === "changed") {
        say(n.changed, "bad");
        await read().catch(() => undefined);
        done();
      } else if (error instanceof ApiError && error.failure === "invalid") say(n.sureOf(lacking(book, whole, n)), "bad");
      else failed(error);
    }
  };
  const field = (name: Field, label: string, rows: number, required = true) => (
    <label key={name + tag.value}>{label}
      {rows === 1
        ? <input type="text" lang={tag.value} required={required} maxLength={TITLE_MAX} autocomplete="off" value={wordsOf(now[name], tag.value)} onInput={(event) => set({ [name]: reworded(now[name], tag.value, event.currentTarget.value) })} />
        : <textarea rows={rows} lang={tag.value} required={required} maxLength={TEXT_MAX} value={wordsOf(now[name], tag.value)} onInput={(event) => set({ [name]: reworded(now[name], tag.value, event.currentTarget.value) })} />}
    </label>
  );
  return (
    <>
      <header class="page-head"><h1>{begin.seen === undefined ? n.begin : n.change}</h1></header>
      <form class="grid notice-form" onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}>
        <Languages all={book.languages} tag={tag} />
        {field("title", n.title, 1)}
        <div class="all-columns">{field("happens", n.happens, 3)}</div>
        <fieldset class="all-columns">
          <legend>{n.nextUpdate}{next !== undefined && <>: <b>{moment(next, lang.value)}</b></>}</legend>
          <p class="card-acts">
            {Object.entries(n.inMinutes).map(([minutes, label]) => (
              <button key={minutes} type="button" onClick={() => set({ next_update: Date.now() + Number(minutes) * MINUTE_MS })}>{label}</button>
            ))}
          </p>
          <label>{n.otherTime}
            <input type="datetime-local" required value={next === undefined ? "" : local(next)} onInput={(event) => {
              const at = new Date(event.currentTarget.value).getTime();
              if (!Number.isNaN(at)) set({ next_update: at });
            }} />
          </label>
        </fieldset>
        <details class="all-columns">
          <summary>{n.topics} <span class="count">{now.topics.length}</span></summary>
          {now.topics.length === 0 && <p class="hint">{n.topicsNone}</p>}
          {book.topics.map(({ id, title }) => (
            <label key={id} class="check">
              <input type="checkbox" checked={now.topics.includes(id)} onChange={(event) => set({ topics: toggled(now.topics, id, event.currentTarget.checked) })} />
              <span>{said(title, lang.value)}</span>
            </label>
          ))}
        </details>
        <details class="all-columns">
          <summary>{n.more}</summary>
          {field("apology", n.apology, 2)}
          {field("workaround", n.workaround, 3, false)}
          {field("fixed", n.fixedText, 2, false)}
          {book.sites.length > 1 && (
            <fieldset>
              <legend>{n.sites}{now.sites.length === 0 && `: ${n.everySite}`}</legend>
              {book.sites.map((site) => (
                <label key={site} class="check">
                  <input type="checkbox" checked={now.sites.includes(site)} onChange={(event) => set({ sites: toggled(now.sites, site, event.currentTarget.checked) })} />
                  <span>{site}</span>
                </label>
              ))}
            </fieldset>
          )}
        </details>
        <button type="submit" class="primary"><Icon name="check" /> {begin.seen === undefined ? n.post : n.keep}</button>
        <button type="button" onClick={done}>{n.cancel}</button>
      </form>
    </>
  );
}

/** The words of a text in one language alone. */
const wordsOf = (text: Text | undefined, tag: Lang): string => (text?.[tag] === undefined ? "" : said(text, tag));

/** What is missing: the first text and its language, else the next update. */
function lacking(book: Book, notice: Notice, n: ReturnType<typeof noticeWords>): string {
  const names: [Field, string][] = [["title", n.title], ["apology", n.apology], ["happens", n.happens], ["workaround", n.workaround], ["fixed", n.fixedText]];
  for (const [field, name] of names) {
    const text = notice[field];
    if (!text) continue;
    const missing = book.languages.find((tag) => wordsOf(text, tag).trim() === "");
    if (missing) return `${name} (${languageName(missing, lang.peek())})`;
  }
  return n.nextUpdate;
}
