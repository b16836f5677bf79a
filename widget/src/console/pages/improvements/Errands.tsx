// One case asked of somebody without a console: what was asked and answered, and asking.

import { useSignal } from "@preact/signals";
import { ApiError } from "../../api";
import { failed, lang, say } from "../../app";
import { moment } from "../../model/time";
import { Icon } from "../../ui/icons";
import { type Errand, type Walked, ask, errands, readErrands } from "./api";
import { improvementWords } from "./words";

const NOTE_MAX = 1_000;

/** What was asked and what came of it. */
export function OneErrand({ one }: { one: Errand }) {
  const t = improvementWords(lang.value);
  const { to, note, by, made_at, expires, answer } = one;
  const state = answer ? t.results[answer.result] : expires < Date.now() ? t.expired : t.waits;
  return (
    <li>
      <span class={`mark${answer && answer.result !== "done" ? " mark-bad" : ""}`}>{state}</span> {t.asked(to, by, moment(made_at, lang.value))}: <q>{note}</q>
      {answer && answer.note !== "" && <> → <q>{answer.note}</q></>}
    </li>
  );
}

/** Those about an opinion, and one more. */
export function Errands({ about }: { about: Walked }) {
  const t = improvementWords(lang.value);
  const to = useSignal("");
  const note = useSignal("");
  const busy = useSignal(false);
  const { errands: all, mail } = errands.value;
  const mine = all.filter(({ conversation, seq }) => conversation === about.conversation && seq === about.seq);
  const send = async () => {
    busy.value = true;
    try {
      await ask(about, to.value.trim(), note.value.trim());
      say(t.sent(to.value.trim()));
      [to.value, note.value] = ["", ""];
      await readErrands();
    } catch (error) {
      const known = error instanceof ApiError && (error.failure === "invalid" ? t.badAddress : t.notSent[error.code ?? ""]);
      if (known) say(known, "bad");
      else failed(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <>
      {mine.length > 0 && <ul>{mine.map((one) => <OneErrand key={one.made_at} one={one} />)}</ul>}
      {mail && about.way.action === undefined && (
        <details>
          <summary>{t.ask}</summary>
          <form onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}>
            <label>{t.to} <input type="email" required autocomplete="off" value={to.value} onInput={(event) => (to.value = event.currentTarget.value)} /></label>
            <label>{t.note} <textarea rows={3} required maxLength={NOTE_MAX} value={note.value} onInput={(event) => (note.value = event.currentTarget.value)} /></label>
            <p class="hint">{t.noteHint}</p>
            <button type="submit" disabled={busy.value}><Icon name="check" /> {t.send}</button>
          </form>
        </details>
      )}
    </>
  );
}
