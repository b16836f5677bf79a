// Notices: those that hold, with what was promised and who waits for their end; posting one from a template, on a phone too.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { failed, lang, say, words } from "../../app";
import { moment } from "../../model/time";
import { go, route } from "../../route";
import { Icon } from "../../ui/icons";
import { type Book, type Notice, type Shown, book, fix, read, said } from "./api";
import { Form } from "./Form";
import { noticeWords } from "./words";

/** A name of our own: the same post sent again is the same notice. */
const fresh = (): string => `posted-${crypto.randomUUID().slice(0, 13)}`;

const BLANK: Notice = {
  id: "blank", state: "template", topics: [], pages: [], sites: [], languages: [], title: {},
  apology: { es: "Pedimos disculpas: es un problema nuestro.", en: "We apologise: this is our problem." }, happens: {},
};

const HOUR_MS = 60 * 60_000;

export function Notices() {
  const n = noticeWords(lang.value);
  const { within } = route.value;
  const edited = useSignal<{ notice: Notice; seen?: number } | undefined>(undefined);
  const begin = (from: Notice) => {
    edited.value = { notice: { ...from, id: fresh(), state: "open", next_update: Date.now() + HOUR_MS } };
  };
  useEffect(() => void read().catch(failed), []);
  const all = book.value;
  useEffect(() => {
    const one = all?.notices.find(({ notice, file, fixed_at }) => notice.id === within && !file && fixed_at === null);
    const about = all?.topics.find(({ id }) => within === `about.${id}`);
    if (all && about && !edited.peek()) begin(draftAbout(all, about));
    if (within === "about." && !edited.peek()) begin(BLANK);
    if (one && edited.peek()?.notice.id !== within) edited.value = { notice: one.notice, seen: one.changed_at };
  }, [within, all]);
  if (!all) return <p class="empty" role="status">{words.value.loading}</p>;
  const done = () => {
    edited.value = undefined;
    if (within !== undefined) go({ page: "notices" });
  };
  if (edited.value) return <Form key={edited.value.notice.id} book={all} begin={edited.value} done={done} />;
  const open = all.notices.filter(({ fixed_at }) => fixed_at === null);
  const over = all.notices.filter(({ fixed_at }) => fixed_at !== null);
  return (
    <>
      <header class="page-head"><h1>{words.value.pages.notices}</h1><p class="lead">{n.lead}</p></header>
      <section>
        <h2>{n.now} <span class="count">{open.length}</span></h2>
        {open.length === 0 ? <p class="empty">{n.none}</p> : <ul class="cards">{open.map((one) => <Card key={one.notice.id} one={one} />)}</ul>}
      </section>
      <section>
        <h2>{n.begin}</h2>
        <p class="hint">{n.beginLead}</p>
        <p class="card-acts">
          {all.templates.map((one) => <button key={one.id} type="button" onClick={() => begin(one)}>{said(one.title, lang.value)}</button>)}
          <button type="button" onClick={() => begin(BLANK)}>{n.blank}</button>
        </p>
      </section>
      {over.length > 0 && <section><h2>{n.over}</h2><ul class="cards">{over.map((one) => <Card key={one.notice.id} one={one} />)}</ul></section>}
    </>
  );
}

/** What is proposed about a topic: the template that covers it, else a draft with its title in each language. */
function draftAbout({ templates, languages }: Book, { id, title }: Book["topics"][number]): Notice {
  const template = templates.find(({ topics }) => topics.includes(id));
  if (template) return template;
  const { draft } = noticeWords("es");
  const words = (tag: string) => (tag === "es" ? draft.es : draft.en)(said(title, tag));
  return {
    ...BLANK, topics: [id], title,
    happens: Object.fromEntries(languages.map((tag) => [tag, words(tag)])),
  };
}

function Card({ one }: { one: Shown }) {
  const n = noticeWords(lang.value);
  const { notice, file, author, opened_at, fixed_at, overdue, followers, told } = one;
  const title = said(notice.title, lang.value);
  const when = (at: number) => moment(at, lang.value);
  const end = async () => {
    if (!confirm(n.fixSure(title))) return;
    try {
      await fix(notice.id);
      say(n.fixed);
      await read();
    } catch (error) {
      failed(error);
    }
  };
  return (
    <li class="card-line">
      <p class="card-head"><b>{title}</b> <span class="faint">{n.since(when(opened_at))}{author && ` · ${n.by(author)}`}</span></p>
      <p>{said(notice.happens, lang.value)}</p>
      <p class="marks">
        {fixed_at === null && notice.next_update !== undefined && (
          <span class={`mark${overdue ? " mark-bad" : ""}`}><Icon name="clock" /> {(overdue ? n.overdue : n.next)(when(notice.next_update))}</span>
        )}
        {fixed_at === null && <span class="mark"><Icon name="person" /> {n.followers(followers)}</span>}
        {fixed_at !== null && <span class="mark"><Icon name="check" /> {told === null ? n.telling : n.told(told)}</span>}
        {file && <span class="mark">{n.inFile}</span>}
      </p>
      {fixed_at === null && !file && (
        <p class="card-acts">
          <button type="button" onClick={() => go({ page: "notices", within: notice.id })}>{n.change}<span class="sr">: {title}</span></button>
          <button type="button" class="primary" onClick={() => void end()}><Icon name="check" /> {n.fix}<span class="sr">: {title}</span></button>
        </p>
      )}
    </li>
  );
}
