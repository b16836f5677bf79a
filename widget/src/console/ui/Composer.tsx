// Where an agent writes: a reply to the visitor or a note for the team. What was begun is kept for each conversation.

import { signal, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ConversationId } from "../../protocol/types";
import { claim, compose, discard, focusComposer, mode, state, typing, words, write } from "../app";
import { type Mode, draft, keepDraft } from "../model/drafts";
import { underWay } from "../model/outbox";
import { isMine, mayClaim, placeOf } from "../model/state";
import { Icon } from "./icons";

/** The server's limit, in characters as it counts them: code points. */
const MOST = 4_000;
const WARN_FROM = 3_600;

/** Counts up when a draft was changed from outside. */
const redrawn = signal(0);

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
        ? <Field key={`${as}${redrawn.value}`} conversation={conversation} as={as} />
        : <NotMine conversation={conversation} />}
    </section>
  );
}

function NotMine({ conversation }: { conversation: ConversationId }) {
  const w = words.value;
  const place = placeOf(state.value, conversation);
  const may = mayClaim(state.value, conversation);
  const owed = may && (place.state === "closed" || (place.state === "bot" && state.value.threads[conversation]?.card.promise !== undefined));
  const why = place.state === "assigned" ? w.cannotReply.assigned(place.name ?? w.states.assigned)
    : owed ? w.cannotReply.owed : w.cannotReply[place.state];
  return (
    <div class="not-mine">
      <p>{why}</p>
      {may && (
        <button type="button" class="primary" onClick={() => claim(conversation)}>
          <Icon name="hand" /> {place.state === "bot" && !owed ? w.takeOver : w.claim}
        </button>
      )}
    </div>
  );
}

function Field({ conversation, as }: { conversation: ConversationId; as: Mode }) {
  const w = words.value;
  const text = useSignal(draft(sessionStorage, conversation, as));
  const field = useRef<HTMLTextAreaElement>(null);
  const asked = focusComposer.value;
  const answered = useRef(0);
  const length = [...text.value].length;
  const over = length - MOST;

  // Before the next key comes: a letter outside a field is a command.
  useLayoutEffect(() => {
    if (asked > answered.current) field.current?.focus();
    answered.current = asked;
  }, [asked]);

  const send = () => {
    const words = text.value.trim();
    if (words === "" || over > 0) return;
    write(conversation, as, words);
    text.value = "";
    keepDraft(sessionStorage, conversation, as, "");
    field.current?.focus();
  };
  const label = as === "reply" ? w.replyLabel : w.noteLabel;
  return (
    <form class="field" onSubmit={(event) => {
      event.preventDefault();
      send();
    }}>
      <textarea
        ref={field} rows={3} aria-label={label} placeholder={as === "reply" ? w.replyPlaceholder : w.notePlaceholder}
        lang={as === "reply" ? state.value.threads[conversation]?.card.lang : undefined}
        aria-invalid={over > 0} value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          keepDraft(sessionStorage, conversation, as, text.value);
          if (as === "reply") typing(conversation);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <div class="field-foot">
        <span class={over > 0 ? "over" : "hint"} role="status">
          {over > 0 ? w.tooLong(over) : length >= WARN_FROM ? w.left(-over) : ""}
        </span>
        <button type="submit" class="primary" disabled={text.value.trim() === "" || over > 0}>
          <Icon name={as === "reply" ? "send" : "note"} /> {as === "reply" ? w.send : w.saveNote}
        </button>
      </div>
    </form>
  );
}
