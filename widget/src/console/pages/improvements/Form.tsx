// The form of an action: what people said and what was changed, in each language; since when, where it is told, which topic it is.

import { useSignal } from "@preact/signals";
import type { Lang, Timestamp } from "../../../protocol/types";
import { ApiError } from "../../api";
import { failed, lang, say } from "../../app";
import { Icon } from "../../ui/icons";
import { Languages, firstOf, toggled } from "../../ui/texts";
import { languageName } from "../../words";
import { type Text, reworded, said } from "../notices/api";
import { type Action, type Book, type Place, type Ref, read, write } from "./api";
import { improvementWords } from "./words";

const SAID_MAX = 120;
const DID_MAX = 300;

/** A name of our own: the same written again is the same action. */
const fresh = (): string => `did-${crypto.randomUUID().slice(0, 13)}`;

export const blank = ({ today }: Book, { touchpoint }: Place, opinions: Ref[]): Action => ({
  id: fresh(), said: {}, did: {}, since: today, touchpoints: touchpoint === null ? [] : [touchpoint], sites: [], opinions,
});

/** The words of a text in one language alone. */
const wordsOf = (text: Text, tag: Lang): string => (text[tag] === undefined ? "" : said(text, tag));

export function Form({ book, begin, done }: { book: Book; begin: { action: Action; seen?: Timestamp }; done: (saved?: string) => void }) {
  const t = improvementWords(lang.value);
  const action = useSignal<Action>(begin.action);
  const tag = useSignal<Lang>(firstOf(book.languages));
  const set = (change: Partial<Action>) => (action.value = { ...action.value, ...change });
  const now = action.value;
  /** What is missing: the first text and its language. */
  const lacking = (): string | undefined => {
    for (const [text, name] of [[now.said, t.said], [now.did, t.did]] as const) {
      const missing = book.languages.find((one) => wordsOf(text, one).trim() === "");
      if (missing) return `${name} (${languageName(missing, lang.peek())})`;
    }
    return undefined;
  };
  const save = async () => {
    const missing = lacking();
    if (missing !== undefined) {
      say(t.check(missing), "bad");
      tag.value = book.languages.find((one) => [now.said, now.did].some((text) => wordsOf(text, one).trim() === "")) ?? tag.value;
      return;
    }
    try {
      await write(action.value, begin.seen);
      if (begin.seen === undefined) say(t.saved);
      await read();
      done(action.value.id);
    } catch (error) {
      if (error instanceof ApiError && error.code === "changed") {
        say(t.changed, "bad");
        await read().catch(() => undefined);
        done(action.value.id);
      } else if (error instanceof ApiError && error.failure === "invalid") say(t.check(t.since), "bad");
      else failed(error);
    }
  };
  const strange = now.touchpoints.filter((one) => !book.touchpoints.some(({ id }) => id === one));
  const places = [...book.touchpoints, ...strange.map((id) => ({ id, name: id }))];
  return (
    <>
      <header class="page-head"><h1>{t.newAction}</h1><p class="lead">{t.closes(now.opinions.length)}</p></header>
      <form class="grid" onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}>
        <Languages all={book.languages} tag={tag} />
        <div class="all-columns">
          <label key={`said${tag.value}`}>{t.said}
            <input type="text" lang={tag.value} required maxLength={SAID_MAX} autocomplete="off" aria-describedby="said-hint" value={wordsOf(now.said, tag.value)} onInput={(event) => set({ said: reworded(now.said, tag.value, event.currentTarget.value) })} />
          </label>
          <p class="hint" id="said-hint">{t.saidHint}</p>
        </div>
        <div class="all-columns">
          <label key={`did${tag.value}`}>{t.did}
            <textarea rows={3} lang={tag.value} required maxLength={DID_MAX} aria-describedby="did-hint" value={wordsOf(now.did, tag.value)} onInput={(event) => set({ did: reworded(now.did, tag.value, event.currentTarget.value) })} />
          </label>
          <p class="hint" id="did-hint">{t.didHint}</p>
        </div>
        <label>{t.since}
          <input type="date" required max={book.today} value={now.since} onInput={(event) => set({ since: event.currentTarget.value })} />
        </label>
        <label>{t.topic}
          <select value={now.topic ?? ""} onChange={(event) => {
            const { topic: _before, ...rest } = action.value;
            const topic = event.currentTarget.value;
            action.value = topic === "" ? rest : { ...rest, topic };
          }}>
            <option value="">{t.noTopic}</option>
            {book.topics.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
          </select>
        </label>
        <fieldset class="all-columns">
          <legend>{t.touchpoints}</legend>
          {places.map(({ id, name }) => (
            <label key={id} class="check">
              <input type="checkbox" checked={now.touchpoints.includes(id)} onChange={(event) => set({ touchpoints: toggled(now.touchpoints, id, event.currentTarget.checked) })} />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
        {book.sites.length > 1 && (
          <fieldset class="all-columns">
            <legend>{t.sites}{now.sites.length === 0 && `: ${t.everySite}`}</legend>
            {book.sites.map((site) => (
              <label key={site} class="check">
                <input type="checkbox" checked={now.sites.includes(site)} onChange={(event) => set({ sites: toggled(now.sites, site, event.currentTarget.checked) })} />
                <span>{site}</span>
              </label>
            ))}
          </fieldset>
        )}
        <button type="submit" class="primary"><Icon name="check" /> {begin.seen === undefined ? t.save : t.keep}</button>
        <button type="button" onClick={() => done()}>{t.cancel}</button>
      </form>
    </>
  );
}
