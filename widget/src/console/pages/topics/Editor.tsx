// The editor of one topic: form, text, changes and history of its draft, and what can be done with it.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { lang, person, topicName } from "../../app";
import { moment } from "../../model/time";
import { go, link } from "../../route";
import { Beside, TestResults } from "./Beside";
import { asOne } from "./change";
import { Diff } from "./Diff";
import { Form } from "./Form";
import { ListsForm } from "./ListsForm";
import { Problems } from "./Marked";
import { topicWords } from "./words";
import { type Draft, type Preview, server } from "./wire";
import { approve, barred, busy, checked, checking, close, discard, editText, jump, keepJoined, openDraft, overview, preview, publish, save, source, undo, work } from "./work";

const TABS = ["form", "text", "diff", "history"] as const;
type Tab = (typeof TABS)[number];

export function Editor() {
  const t = topicWords(lang.value);
  const now = work.value;
  const tab = useSignal<Tab>(now && !now.form && !now.lists ? "text" : "form");
  const raw = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (jump.value === undefined) return;
    tab.value = "text";
    // The field is there once the tab has been drawn.
    requestAnimationFrame(() => {
      const field = raw.current;
      const line = jump.peek();
      jump.value = undefined;
      if (!field || line === undefined) return;
      const before = field.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
      field.focus();
      field.setSelectionRange(before, before + (field.value.slice(before).split("\n")[0]?.length ?? 0));
      field.scrollTop = (line - 4) * Number.parseFloat(getComputedStyle(field).lineHeight);
    });
  }, [jump.value]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (work.peek()?.clean === false) event.preventDefault();
    };
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, []);
  if (!now) return null;
  const { draft, form, lists, text, path, clean } = now;
  const own = form?.title[lang.value] ?? (form && Object.values(form.title)[0]);
  const title = own === undefined || own === null ? path : String(asOne(own));
  const isClosed = draft?.state === "published" || draft?.state === "discarded";
  const files = Object.keys(draft?.files ?? {});
  const leave = () => {
    if (!clean && !confirm(t.leave)) return;
    close();
    go({ page: "topics" });
  };
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(tab.value) + step + TABS.length) % TABS.length] ?? "form";
    tab.value = next;
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <>
      <header class="page-head editor-head">
        <button type="button" class="link" onClick={leave}>← {t.back}</button>
        <h1>{title}</h1>
        <p class="lead">
          <code>{path}</code> {draft && <span class={`state state-${draft.state}`}>{t.states[draft.state]}</span>} {!clean && <span class="faint">{t.unsaved}</span>}
        </p>
        {files.length > 1 && draft && (
          <p class="card-acts">{files.map((file) => <button key={file} type="button" aria-pressed={file === path} disabled={!clean} onClick={() => void openDraft(draft.id, file)}>{file}</button>)}</p>
        )}
        <Deeds draft={draft} isClosed={isClosed} />
      </header>
      <Bars />
      <div class="tabs" role="tablist" onKeyDown={onKey}>
        {TABS.map((one) => (
          <button key={one} type="button" role="tab" id={`tab-${one}`} aria-controls="tab-panel" aria-selected={tab.value === one} tabIndex={tab.value === one ? 0 : -1} onClick={() => (tab.value = one)}>{t.tabs[one]}</button>
        ))}
      </div>
      <div class="editor">
        <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab.value}`} class="editor-main">
          {text === null && tab.value !== "history" && tab.value !== "diff" && <p class="empty">{t.gone}</p>}
          {text !== null && tab.value === "form" && (checking.value && source.value === "text" ? <p class="faint">{t.checking}</p> : form ? <Form form={form} /> : lists ? <ListsForm lists={lists} /> : <p class="empty">{t.noForm}</p>)}
          {text !== null && tab.value === "text" && (
            <div>
              <label>{t.raw}<textarea ref={raw} class="code raw" rows={32} spellcheck={false} aria-describedby="raw-hint" value={text} readOnly={checking.value && source.value === "form"} onInput={(event) => editText(event.currentTarget.value)} /></label>
              <p class="hint" id="raw-hint">{t.rawHint}</p>
            </div>
          )}
          {tab.value === "diff" && (text === null && preview.value ? <Files of={preview.value} /> : <Diff lines={checked.value?.diff ?? []} label={t.diff} />)}
          {tab.value === "history" && <History draft={draft} />}
        </div>
        {text !== null && <aside class="editor-side"><Beside /></aside>}
      </div>
    </>
  );
}

function Deeds({ draft, isClosed }: { draft: Draft | undefined; isClosed: boolean }) {
  const t = topicWords(lang.value);
  const now = work.value;
  const needed = overview.value?.four_eyes ?? false;
  const wrote = draft?.history.some(({ act, by }) => act === "saved" && by.id === person.value?.id) ?? true;
  const first = useSignal(now?.note ?? "");
  if (isClosed && draft && now?.clean) {
    return draft.state === "published" ? <p class="card-acts"><button type="button" disabled={busy.value} onClick={() => void undo(draft.id)}>{t.undo}</button> <span class="hint">{t.undoHint}</span></p> : null;
  }
  return (
    <>
      {!draft && (
        <label class="inline note-field">{t.note}
          <input type="text" maxLength={200} placeholder={t.notePlaceholder} value={first.value} onInput={(event) => {
            first.value = event.currentTarget.value;
            if (work.value) work.value = { ...work.value, note: first.value };
          }} />
        </label>
      )}
      <p class="card-acts">
        <button type="button" disabled={busy.value || (now?.clean ?? true)} onClick={() => void save()}>{t.save}</button>
        {(needed || !wrote) && <button type="button" disabled={busy.value || !draft || (needed && wrote) || draft.state === "approved"} onClick={() => void approve()}>{t.approve}</button>}
        <button type="button" class="primary" disabled={busy.value || ((now?.clean ?? true) && !draft) || (needed && draft?.state !== "approved")} onClick={() => void publish()}>{t.publish}</button>
        {draft && (now?.clean ?? true) && <a class="button" href={link({ page: "missed", within: draft.id })}>{t.onTalks}</a>}
        {draft && <button type="button" disabled={busy.value} onClick={() => confirm(t.sure) && void discard().then(() => go({ page: "topics" }))}>{t.discard}</button>}
      </p>
      <p class="hint">{needed ? t.fourEyes : t.oneIsEnough}</p>
    </>
  );
}

/** What stands in the way of publishing, and the ways past it. */
function Bars() {
  const t = topicWords(lang.value);
  const reason = useSignal("");
  const seen = preview.value;
  if (!seen) return null;
  const errors = seen.problems.filter(({ severity }) => severity === "error");
  return (
    <>
      {seen.files.some(({ on_disk }) => on_disk === "merged") && <p class="made">{t.merged}</p>}
      {seen.files.filter(({ on_disk }) => on_disk === "conflict").map(({ path }) => <Conflict key={path} path={path} />)}
      {errors.length > 0 && <section class="bar" role="alert"><h2>{t.hasErrors}</h2><Problems all={errors} /></section>}
      {barred.value && seen.tests && (
        <section class="bar" role="alert">
          <TestResults results={seen.tests} />
          <form onSubmit={(event) => {
            event.preventDefault();
            void publish(reason.value);
          }}>
            <label>{t.reason} <span class="faint">{t.reasonHint(person.value?.name ?? "")}</span><input type="text" required maxLength={300} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} /></label>
            <p class="card-acts"><button type="submit" disabled={busy.value}>{t.publishAnyway}</button></p>
          </form>
        </section>
      )}
    </>
  );
}

/** Both texts side by side, and a third that somebody makes of them. */
function Conflict({ path }: { path: string }) {
  const t = topicWords(lang.value);
  const theirs = useSignal<string | null | undefined>(undefined);
  const joined = useSignal("");
  const ours = work.value?.draft?.files[path]?.text ?? "";
  useEffect(() => {
    joined.value = ours;
    void server.file({ path }).then(({ on_disk }) => (theirs.value = on_disk), () => undefined);
  }, [path]);
  return (
    <section class="bar" role="alert" aria-label={t.conflict}>
      <h2>{t.conflict}: <code>{path}</code></h2>
      <p>{t.conflictLead}</p>
      <div class="grid three">
        <label>{t.theirs}<textarea class="code" readOnly rows={14} value={theirs.value ?? ""} /></label>
        <label>{t.ours}<textarea class="code" readOnly rows={14} value={ours} /></label>
        <label>{t.joined}<textarea class="code" spellcheck={false} rows={14} value={joined.value} onInput={(event) => (joined.value = event.currentTarget.value)} /></label>
      </div>
      <p class="card-acts"><button type="button" disabled={busy.value || theirs.value === undefined} onClick={() => void keepJoined(path, joined.value, theirs.value ?? null)}>{t.keepJoined}</button></p>
    </section>
  );
}

const Files = ({ of }: { of: Preview }) => <>{of.files.map(({ path, diff }) => <section key={path}><h2><code>{path}</code></h2><Diff lines={diff} label={path} /></section>)}</>;

function History({ draft }: { draft: Draft | undefined }) {
  const t = topicWords(lang.value);
  if (!draft) return <p class="empty">{t.noDrafts}</p>;
  return (
    <ol class="draft-history">
      {draft.history.map((entry, index) => (
        <li key={index}><b>{t.acts[entry.act]}</b> <span class="faint">{t.by(entry.by.name, moment(entry.at, lang.value))}</span>{entry.note && <p>{entry.note}</p>}
          {entry.alone && <p class="faint">{t.alone}</p>}
          {entry.despite && <><p class="faint">{t.despite}</p><ul class="test-rows">{entry.despite.map(({ topic, say }) => <li key={topic + say}><q>{say}</q> <span class="faint">{topicName(topic)}</span></li>)}</ul></>}
        </li>
      ))}
    </ol>
  );
}
