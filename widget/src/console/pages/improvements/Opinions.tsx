// The opinions of one place: how far each has come; taking them, marking them as contacted, writing what was done about those that were chosen.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { failed, lang, say, show, words } from "../../app";
import { moment } from "../../model/time";
import { go, link } from "../../route";
import { Icon } from "../../ui/icons";
import { Errands } from "./Errands";
import { Form, blank } from "./Form";
import { placeName } from "./Improvements";
import { type Action, type Book, type Place, type Ref, type Walked, moves, opinionsOf, read } from "./api";
import { improvementWords } from "./words";

const name = ({ conversation, seq }: Ref): string => `${conversation}/${seq}`;

export function Opinions({ book, place }: { book: Book; place: Place }) {
  const t = improvementWords(lang.value);
  const w = words.value;
  const open = useSignal(true);
  const shown = useSignal<{ opinions: Walked[]; next: string | null } | undefined>(undefined);
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const written = useSignal<Action | undefined>(undefined);
  const load = async (after?: string) => {
    try {
      const only = open.value;
      const page = await opinionsOf(place, only, after);
      // The other filter was chosen meanwhile.
      if (only !== open.value) return;
      shown.value = after === undefined || !shown.value ? page : { ...page, opinions: [...shown.value.opinions, ...page.opinions] };
    } catch (error) {
      failed(error);
    }
  };
  useEffect(() => {
    chosen.value = new Set();
    void load();
  }, [open.value]);
  const all = shown.value?.opinions ?? [];
  const still = all.filter(({ way }) => way.action === undefined);
  const those = still.filter((one) => chosen.value.has(name(one))).map(({ conversation, seq }) => ({ conversation, seq }));
  const move = async (stride: "take" | "contacted") => {
    try {
      const { moved } = await moves(stride, those);
      say(moved === 0 ? t.movedNone : t.moved(moved));
      chosen.value = new Set();
      await Promise.all([load(), read()]);
    } catch (error) {
      failed(error);
    }
  };
  const choose = (one: Ref, on: boolean) => {
    const next = new Set(chosen.value);
    if (on) next.add(name(one));
    else next.delete(name(one));
    chosen.value = next;
  };
  if (written.value) {
    return <Form book={book} begin={{ action: written.value }} done={(saved) => {
      written.value = undefined;
      if (saved !== undefined) go({ page: "improvements", within: `did.${saved}` });
    }} />;
  }
  return (
    <>
      <header class="page-head">
        <p><a href={link({ page: "improvements" })}>{t.back}</a></p>
        <h1>{placeName(book, place)}</h1>
      </header>
      <div class="section-head">
        <label class="check"><input type="checkbox" checked={open.value} onChange={(event) => (open.value = event.currentTarget.checked)} /> <span>{t.openOnly}</span></label>
        <p class="card-acts">
          <button type="button" disabled={still.length === 0} onClick={() => (chosen.value = new Set(still.map(name)))}>{t.chooseAll}</button>
          <span role="status">{t.chosen(those.length)}</span>
          <button type="button" disabled={those.length === 0} onClick={() => void move("take")}>{t.take}</button>
          <button type="button" disabled={those.length === 0} onClick={() => void move("contacted")}>{t.contacted}</button>
          <button type="button" class="primary" disabled={those.length === 0} onClick={() => (written.value = blank(book, place, those))}>{t.act}</button>
        </p>
      </div>
      {shown.value && all.length === 0 && <p class="empty"><Icon name="check" /> {t.opinionsNone}</p>}
      <ul class="cards">
        {all.map((one) => (
          <li key={name(one)} class="card-line">
            {one.way.action === undefined && (
              <label class="check">
                <input type="checkbox" checked={chosen.value.has(name(one))} onChange={(event) => choose(one, event.currentTarget.checked)} />
                <span>{t.choose}<span class="sr">: {one.text ?? one.label ?? ""} {moment(one.at, lang.value)}</span></span>
              </label>
            )}
            <OneOpinion one={one} />
          </li>
        ))}
      </ul>
      {shown.value?.next && <button type="button" onClick={() => void load(shown.value?.next ?? undefined)}>{w.more}</button>}
    </>
  );
}

/** What somebody said, and how far it has come. */
export function OneOpinion({ one }: { one: Walked }) {
  const t = improvementWords(lang.value);
  const w = words.value;
  const { kind, label, text, at, standing, owner, way } = one;
  return (
    <>
      <p class="card-head"><span class={`kind kind-${kind ?? "none"}`}>{kind ? w.kinds[kind] : w.noAnswer}</span> <time class="faint" dateTime={new Date(at).toISOString()}>{moment(at, lang.value)}</time></p>
      {label && <p><b>{label}</b></p>}
      {text && <p><q>{text}</q></p>}
      <p class="marks">
        <span class="mark">{t.standings[standing]}</span>
        {owner !== null && way.action === undefined && <span class="mark"><Icon name="person" /> {t.owner(owner)}</span>}
        {way.action !== undefined && <a href={link({ page: "improvements", within: `did.${way.action}` })}>{t.byAction}</a>}
      </p>
      {way.strides.length > 0 && (
        <ul class="faint">
          {way.strides.map(({ to, by, at: when }) => <li key={`${to}${when}`}>{t.way(t.standings[to], moment(when, lang.value), by?.name)}</li>)}
        </ul>
      )}
      <Errands about={one} />
      <p class="card-acts"><button type="button" onClick={() => show(one.conversation)}>{w.openTalk}</button></p>
    </>
  );
}
