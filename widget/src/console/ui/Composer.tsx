// Where an agent writes: a reply to the visitor or a note for the team. What was begun is kept for each conversation.

import { type Signal, signal, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ConversationId } from "../../protocol/types";
import {
  cannedIn, claim, compose, discard, focusComposer, lang as consoleTongue, mode, now, person, readCanned, sendFiles, spotted, state, topicAnswer, topicName, topicOf, typing, words,
  write,
} from "../app";
import { type Asking, asking, filled, fitting, folded, inLanguage, replaced, unfilled, values } from "../model/canned";
import { type Mode, draft, keepDraft } from "../model/drafts";
import { keyName } from "../model/keys";
import { underWay } from "../model/outbox";
import { spot } from "../model/promise";
import { isMine, mayClaim, owed, placeOf } from "../model/state";
import { languageName } from "../words";
import { keepSpotted, keysOf } from "./commands";
import { Attach } from "./Attach";
import { Icon } from "./icons";
import { MAC } from "./mac";
import { whenSoon } from "./when";

/** The server's limit, in characters as it counts them: code points. */
const MOST = 4_000;
const WARN_FROM = 3_600;

/** Counts up when a draft was changed from outside. */
const redrawn = signal(0);

/** The last wish for the focus that was granted: a field that comes later, of another conversation, must not take it. */
let answered = 0;

/** Takes a line that was refused back into the composer, before what is there. */
export function rewrite(conversation: ConversationId, as: Mode, text: string, id: string): void {
  const there = draft(sessionStorage, conversation, as);
  keepDraft(sessionStorage, conversation, as, there === "" ? text : `${text}\n${there}`);
  discard(id);
  redrawn.value += 1;
  compose(as);
}

export function Composer({ conversation }: { conversation: ConversationId }) {
  const w = words.value;
  // While the claim is under way one may begin to write: what is sent goes out behind it.
  const mine = isMine(state.value, conversation) || underWay(state.value, conversation, "claim");
  const as = mode.value;
  return (
    <section class={`composer composer-${as}`} aria-label={w.composer}>
      <div class="modes" role="group" aria-label={w.composer}>
        <button type="button" aria-pressed={as === "reply"} onClick={() => compose("reply")}>{w.reply}</button>
        <button type="button" aria-pressed={as === "note"} onClick={() => compose("note")}><Icon name="note" /> {w.note}</button>
        <span class="hint keys-hint">{w.enterHint}</span>
      </div>
      {as === "note" || mine
        ? <Field key={`${conversation}${as}${redrawn.value}`} conversation={conversation} as={as} />
        : <NotMine conversation={conversation} />}
    </section>
  );
}

function NotMine({ conversation }: { conversation: ConversationId }) {
  const w = words.value;
  const place = placeOf(state.value, conversation);
  const may = mayClaim(state.value, conversation);
  const due = may && (place.state === "closed" || place.state === "bot") && owed(state.value, conversation);
  const name = place.name ?? w.states.assigned;
  const why = place.state === "assigned" || place.state === "snoozed" ? w.cannotReply.assigned(name)
    : place.state === "offered" ? (may ? w.cannotReply.offeredHere : w.cannotReply.offered(name))
    : due ? w.cannotReply.owed : w.cannotReply[place.state];
  return (
    <div class="not-mine">
      <p>{why}</p>
      {may && (
        <button type="button" class="primary" onClick={() => claim(conversation)}>
          <Icon name="hand" /> {place.state === "offered" ? w.accept : place.state === "bot" && !due ? w.takeOver : w.claim}
        </button>
      )}
    </div>
  );
}

function Field({ conversation, as }: { conversation: ConversationId; as: Mode }) {
  const w = words.value;
  const text = useSignal(draft(sessionStorage, conversation, as));
  const caret = useSignal(text.value.length);
  /** A place that is still to be filled was pointed out: the next Enter sends all the same. */
  const warned = useSignal<string | undefined>(undefined);
  const field = useRef<HTMLTextAreaElement>(null);
  const wished = focusComposer.value;
  const card = state.value.threads[conversation]?.card;
  const length = [...text.value].length;
  const over = length - MOST;

  const set = (value: string, at = value.length) => {
    text.value = value;
    caret.value = at;
    warned.value = undefined;
    keepDraft(sessionStorage, conversation, as, value);
    if (as === "reply") spotted.value = spot(value, now.peek());
  };
  /** Sets the text from outside the field: the caret is put where the writing goes on. */
  const put = (value: string, at = value.length) => {
    set(value, at);
    const view = field.current;
    if (!view) return;
    view.value = value;
    view.focus();
    view.setSelectionRange(at, at);
  };

  // Before the next key comes: a letter outside a field is a command.
  useLayoutEffect(() => {
    if (wished.n > answered) {
      field.current?.focus();
      if (wished.put === "/") put(text.value === "" || /\s$/.test(text.value) ? `${text.value}/` : `${text.value} /`);
      else if (wished.put !== undefined) put(text.value.trim() === "" ? wished.put : `${text.value.trimEnd()}\n${wished.put}`);
    }
    answered = wished.n;
  }, [wished]);
  useEffect(() => {
    if (as === "reply") spotted.value = spot(text.peek(), now.peek());
    return () => (spotted.value = undefined);
  }, []);

  const send = () => {
    const words = text.value.trim();
    if (words === "" || over > 0) return;
    const hole = as === "reply" ? unfilled(text.value) : undefined;
    if (hole && warned.value !== hole.name) {
      warned.value = hole.name;
      field.current?.focus();
      field.current?.setSelectionRange(hole.from, hole.to);
      return;
    }
    // What was promised in it can still be kept as a promise when it is sent.
    const promised = spotted.value;
    write(conversation, as, words);
    set("");
    if (promised) spotted.value = promised;
    field.current?.focus();
  };
  const list = useSuggestions(conversation, as, text.value, caret.value, put);
  const label = as === "reply" ? w.replyLabel : w.noteLabel;
  return (
    <form class="field" onSubmit={(event) => {
      event.preventDefault();
      send();
    }}>
      {as === "reply" && <Keep conversation={conversation} />}
      {list.view}
      <textarea
        ref={field} rows={3} aria-label={label} placeholder={as === "reply" ? w.replyPlaceholder : w.notePlaceholder}
        lang={as === "reply" ? card?.lang : undefined}
        aria-invalid={over > 0} value={text.value}
        {...list.aria}
        onInput={(event) => {
          set(event.currentTarget.value, event.currentTarget.selectionStart);
          if (as === "reply") typing(conversation);
        }}
        onPaste={(event) => {
          const files = as === "reply" ? [...(event.clipboardData?.files ?? [])] : [];
          if (files.length === 0) return;
          event.preventDefault();
          sendFiles(conversation, files);
        }}
        onDrop={(event) => {
          const files = [...(event.dataTransfer?.files ?? [])];
          if (files.length === 0) return;
          event.preventDefault();
          // A note is for the team: a file would go to the visitor.
          if (as === "reply") sendFiles(conversation, files);
        }}
        onSelect={(event) => (caret.value = event.currentTarget.selectionStart)}
        onKeyDown={(event) => {
          if (event.isComposing) return;
          if (list.press(event.key)) {
            event.preventDefault();
            event.stopPropagation();
            return;
          }
          if (event.key === "Escape") field.current?.blur();
          if (event.key !== "Enter" || event.shiftKey) return;
          event.preventDefault();
          send();
        }}
      />
      <div class="field-foot">
        <span class={over > 0 || warned.value ? "over" : "hint"} role="status">
          {over > 0 ? w.tooLong(over) : warned.value ? w.unfilled(warned.value) : length >= WARN_FROM ? w.left(-over) : ""}
        </span>
        {as === "reply" && <Attach conversation={conversation} />}
        {as === "reply" && card?.own_answer && (
          <button type="button" class="quiet insert" onClick={() => void topicAnswer(conversation)}>
            <Icon name="bot" /> <span>{w.insertAnswer(topicName(topicOf(conversation) ?? ""))}</span> <kbd aria-hidden="true">{keysOf("topicAnswer")}</kbd>
          </button>
        )}
        <button type="submit" class="primary" disabled={text.value.trim() === "" || over > 0}>
          <Icon name={as === "reply" ? "send" : "note"} /> {as === "reply" ? w.send : w.saveNote}
        </button>
      </div>
    </form>
  );
}

/** A promise in the text, and the key that keeps it. */
function Keep({ conversation }: { conversation: ConversationId }) {
  const w = words.value;
  const found = spotted.value;
  return (
    <div class="spotted" role="status">
      {found && (
        <>
          <span><Icon name="clock" /> {w.spotted(whenSoon(found.by))} <q>{found.what}</q></span>
          <span class="spotted-acts">
            <button type="button" onClick={() => keepSpotted(conversation)}>
              {w.keepSpotted} <kbd aria-hidden="true">{keyName(keysOf("keepSpotted"), MAC)}</kbd>
            </button>
            <button type="button" class="quiet" aria-label={w.dismissSpotted} onClick={() => (spotted.value = undefined)}><Icon name="close" /></button>
          </span>
        </>
      )}
    </div>
  );
}

interface Suggestion { key: string; title: string; hint: string; text: string }

/** Replies behind a `/`, colleagues behind an `@`: what to show, and what keys do while it is shown. */
function useSuggestions(conversation: ConversationId, as: Mode, text: string, caret: number, put: (text: string, at?: number) => void) {
  const w = words.value;
  const at = useSignal(0);
  const closed: Signal<number | undefined> = useSignal(undefined);
  const card = state.value.threads[conversation]?.card;
  const lang = card?.lang ?? "es";
  const asked = asking(text, caret, as === "reply" ? "/" : "@");
  const wanted = asked && asked.from !== closed.value ? asked : undefined;
  useEffect(() => {
    if (wanted?.sign === "/") void readCanned(lang);
  }, [wanted?.sign, lang]);
  useEffect(() => {
    at.value = 0;
    if (!asked) closed.value = undefined;
  }, [asked?.query, asked?.from]);
  const found = wanted ? suggestions(wanted, lang) : [];
  const chosen = Math.min(at.value, found.length - 1);
  const choose = (one: Suggestion | undefined) => {
    if (!one || !wanted) return;
    const known = values(card, person.value?.name ?? "");
    const next = replaced(text, wanted, wanted.sign === "/" ? filled(one.text, known) : one.text);
    put(next.text, next.caret);
  };
  const press = (key: string): boolean => {
    // A reply that there is not must not go to the visitor as its shortcut.
    if (wanted?.sign === "/" && found.length === 0 && key === "Enter") return text.trim() === `/${wanted.query}`;
    if (!wanted || found.length === 0) return false;
    switch (key) {
      case "ArrowDown": at.value = (chosen + 1) % found.length; return true;
      case "ArrowUp": at.value = (chosen - 1 + found.length) % found.length; return true;
      case "Enter": case "Tab": choose(found[chosen]); return true;
      case "Escape": closed.value = wanted.from; return true;
      default: return false;
    }
  };
  const shown = wanted !== undefined && found.length > 0;
  return {
    press,
    aria: shown ? { "aria-controls": "suggestions", "aria-activedescendant": `suggestion-${chosen}` } : {},
    view: wanted && (
      <div class="suggestions">
        {shown
          ? (
            <ul role="listbox" id="suggestions" aria-label={wanted.sign === "/" ? w.cannedList : w.colleagues}>
              {found.map((one, index) => (
                <li
                  key={one.key} id={`suggestion-${index}`} role="option" aria-selected={index === chosen}
                  onPointerDown={(event) => {
                    event.preventDefault();
                    choose(one);
                  }}
                >
                  <b>{one.key}</b> <span>{one.title}</span> <small>{one.hint}</small>
                </li>
              ))}
            </ul>
          )
          : wanted.sign === "/" && <p class="empty">{own(lang).length === 0 ? w.cannedNone(languageName(lang, consoleTongue.value)) : w.paletteNothing}</p>}
      </div>
    ),
  };
}

/** The replies in the visitor's language: what is there only in another one would be sent to somebody who may not read it. */
const own = (tag: string) => inLanguage(cannedIn(tag), tag);

function suggestions(wanted: Asking, lang: string): Suggestion[] {
  if (wanted.sign === "/") {
    return fitting(own(lang), wanted.query).map((one) => ({ key: `/${one.short}`, title: one.title, hint: one.text, text: one.text }));
  }
  const query = folded(wanted.query);
  return (state.value.desk?.people ?? []).filter(({ id, name }) => id !== person.value?.id && folded(name).split(" ").some((part) => part.startsWith(query)))
    .slice(0, 7).map(({ name, status, present }) => ({
      key: `@${name}`, title: "", hint: present ? words.value.statuses[status] : words.value.absent, text: `@${name} `,
    }));
}
