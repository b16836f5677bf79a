// The canned replies: what agents write often, kept by leads for everybody, one text a language.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ApiError, api } from "../api";
import { cannedIn, failed, lang, readCanned, say, words } from "../app";
import type { Canned } from "../model/canned";
import { Icon } from "../ui/icons";
import { repliesWords } from "./repliesWords";

const LANGS = ["es", "en"] as const;

const blank = (lang: string): Canned => ({ short: "", lang, title: "", text: "" });

export function Replies() {
  const w = words.value;
  const r = repliesWords(lang.value);
  const tag = useSignal<string>(lang.peek());
  const edited = useSignal<Canned>(blank(tag.peek()));
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    edited.value = blank(tag.value);
    void readCanned(tag.value, true);
  }, [tag.value]);
  const all = cannedIn(tag.value);
  const set = (change: Partial<Canned>) => (edited.value = { ...edited.value, ...change });
  const save = async () => {
    try {
      const { short, title, text } = edited.value;
      await api.keepCanned({ short: short.replace(/^\//, "").trim().toLowerCase(), lang: tag.value, title: title.trim(), text: text.trim() });
      edited.value = blank(tag.value);
      await readCanned(tag.value, true);
      say(w.saved);
    } catch (error) {
      if (error instanceof ApiError && error.failure === "invalid") say(r.invalid, "bad");
      else failed(error);
    }
  };
  const remove = async (one: Canned) => {
    if (!confirm(r.sure(one.short))) return;
    try {
      await api.forgetCanned(one);
      await readCanned(tag.value, true);
    } catch (error) {
      failed(error);
    }
  };
  const edit = (one: Canned) => {
    edited.value = { ...one, lang: tag.value };
    form.current?.scrollIntoView({ block: "nearest" });
    form.current?.querySelector<HTMLTextAreaElement>("textarea")?.focus();
  };
  return (
    <>
      <header class="page-head"><h1>{w.pages.replies}</h1><p class="lead">{r.lead}</p></header>
      <label class="inline">
        {w.language}
        <select value={tag.value} onChange={(event) => (tag.value = event.currentTarget.value)}>
          {LANGS.map((one) => <option key={one} value={one}>{w.languages[one]}</option>)}
        </select>
      </label>
      <section>
        {all.length === 0
          ? <p class="empty">{w.cannedNone}</p>
          : (
            <ul class="cards">
              {all.map((one) => (
                <li key={one.short} class="card-line">
                  <p class="card-head"><code>/{one.short}</code> <b>{one.title}</b>{one.lang !== tag.value && <span class="faint">{w.onlyIn(w.languages[one.lang] ?? one.lang)}</span>}</p>
                  <p class="canned-text" lang={one.lang}>{one.text}</p>
                  <p class="card-acts">
                    <button type="button" onClick={() => edit(one)}>{one.lang === tag.value ? w.change : w.translate}<span class="sr">: /{one.short}</span></button>
                    {one.lang === tag.value && <button type="button" onClick={() => void remove(one)}>{w.remove}<span class="sr">: /{one.short}</span></button>}
                  </p>
                </li>
              ))}
            </ul>
          )}
      </section>
      <section>
        <h2>{r.new}</h2>
        <form class="grid" ref={form} onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}>
          <div>
            <label>{r.short}
              <input
                type="text" required maxLength={40} autocomplete="off" autocapitalize="none" aria-describedby="short-hint" value={edited.value.short}
                onInput={(event) => set({ short: event.currentTarget.value })}
              />
            </label>
            <p class="hint" id="short-hint">{r.shortHint}</p>
          </div>
          <label>{r.title}
            <input type="text" required maxLength={80} autocomplete="off" value={edited.value.title} onInput={(event) => set({ title: event.currentTarget.value })} />
          </label>
          <div class="all-columns">
            <label>{r.text}
              <textarea
                rows={4} required maxLength={4000} lang={tag.value} aria-describedby="text-hint" value={edited.value.text}
                onInput={(event) => set({ text: event.currentTarget.value })}
              />
            </label>
            <p class="hint" id="text-hint">{r.variables}</p>
          </div>
          <button type="submit" class="primary"><Icon name="check" /> {w.save}</button>
        </form>
      </section>
    </>
  );
}
