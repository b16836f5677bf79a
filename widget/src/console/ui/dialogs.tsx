// The dialogs about one conversation: how it ends, who gets it, until when it is put aside, what is promised, how pressing it is, abuse.

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { AbuseLevel, Outcome, Priority } from "../../protocol/types";
import {
  close, flag, lang, movePromise, moving, now, person, prioritise, promise, snooze, spotted, state, subject, subjectItem, teamName,
  transfer, words,
} from "../app";
import { folded } from "../model/canned";
import { deadlines, fieldTime, type Later, snoozes, timeOfField } from "../model/later";
import { Asking, Options } from "./Dialog";
import { subjectIsMine } from "./commands";
import { Icon } from "./icons";
import { excerpt } from "./excerpt";
import { Promises } from "./Owed";
import { owedWords } from "./owedWords";
import { when } from "./when";

/** What an agent may say about the end. */
export const OUTCOMES = ["resolved_by_agent", "unresolved", "referred"] as const satisfies readonly Outcome[];
const PRIORITIES = ["urgent", "high", "normal", "low"] as const satisfies readonly Priority[];

/** Whether an agent has written in what is known of the conversation. */
const wroteTo = (conversation: string): boolean =>
  state.value.threads[conversation]?.events.some(({ event }) => event.kind === "agent") ?? false;

const card = () => (subject.value === undefined ? undefined : state.value.threads[subject.value]?.card);

export function CloseDialog() {
  const w = words.value;
  const outcome = useSignal<(typeof OUTCOMES)[number]>("resolved_by_agent");
  const reason = useSignal("");
  const conversation = subject.value;
  const reasons = state.value.desk?.teams.find((team) => team.id === subjectItem.value?.team)?.wrap_up ?? [];
  const o = owedWords(lang.value);
  const item = subjectItem.value;
  // A message that was left is answered with the words that are there, and a review waits for a lead wherever the conversation stands.
  const open = (card()?.promises ?? []).filter(({ kind }) => kind === "agent" || kind === "call_back");
  return (
    <Asking
      title={w.closeTitle} lead={w.closeLead} act={w.close} ready={open.length === 0}
      onAct={() => conversation && close(conversation, outcome.value, reason.value)}
    >
      {open.length > 0 && conversation && (
        <div class="in-the-way" role="status">
          <p><Icon name="alert" /> {o.promisesOpen}</p>
          <Promises conversation={conversation} promises={open} />
        </div>
      )}
      {item?.unanswered_since !== undefined && (
        <div class="in-the-way" role="status">
          <p><Icon name="alert" /> {wroteTo(item.conversation) ? o.unanswered : o.neverAnswered} <q lang={item.lang}>{excerpt(item)}</q></p>
        </div>
      )}
      <Options
        label={w.closeTitle} name="outcome" focus value={outcome.value} set={(value) => (outcome.value = value)}
        options={OUTCOMES.map((one) => ({ value: one, title: w.outcomes[one], hint: w.outcomeHints[one] }))}
      />
      {reasons.length > 0 && (
        <label class="row">
          {w.wrapUp}
          <select value={reason.value} onChange={(event) => (reason.value = event.currentTarget.value)}>
            <option value="">{w.noWrapUp}</option>
            {reasons.map(([code, title]) => <option key={code} value={code}>{title}</option>)}
          </select>
        </label>
      )}
    </Asking>
  );
}

interface Place { value: string; team: string; colleague?: string; title: string; hint: string }

/** Teams, then colleagues who take what is handed over, with how much they have in hand. */
function places(): Place[] {
  const w = words.value;
  const { desk, me } = state.value;
  const of = subjectItem.value?.team;
  const teams = (desk?.teams ?? []).map(({ id, waiting }): Place => ({ value: `team ${id}`, team: id, title: teamName(id), hint: w.teamWaiting(waiting) }));
  const people = (desk?.people ?? [])
    .filter((one) => one.present && (one.status === "online" || one.status === "transfer_only"))
    .map((one): Place => ({
      value: `person ${one.id}`, colleague: one.id,
      team: one.teams.length === 0 || (of !== undefined && one.teams.includes(of)) ? of ?? "default" : one.teams[0] ?? "default",
      title: one.id === me?.id ? w.myself(one.name) : one.name,
      hint: `${one.paused ? w.pausedShort : w.statuses[one.status]} · ${w.loadOf(one.busy, one.capacity)}${one.teams.length > 0 ? ` · ${one.teams.map(teamName).join(", ")}` : ""}`,
    }))
    // Nobody hands over to themselves; a lead may ask for what a colleague has.
    .filter((one) => one.colleague !== me?.id || !subjectIsMine());
  return [...people, ...teams];
}

export function TransferDialog() {
  const w = words.value;
  const query = useSignal("");
  const to = useSignal<string | undefined>(undefined);
  const note = useSignal("");
  const noteField = useRef<HTMLTextAreaElement>(null);
  const conversation = subject.value;
  const mine = subjectIsMine();
  const wanted = folded(query.value);
  const found = places().filter((one) => folded(`${one.title} ${one.hint}`).includes(wanted));
  const chosen = found.find((one) => one.value === to.value) ?? (query.value === "" ? undefined : found[0]);
  return (
    <Asking
      title={w.transferTitle} lead={w.transferLead} act={w.transfer} class="roomy"
      ready={chosen !== undefined && (!mine || note.value.trim() !== "")}
      onAct={() => {
        if (!conversation || !chosen) return;
        transfer(conversation, { team: chosen.team, ...(chosen.colleague ? { colleague: chosen.colleague } : {}) }, note.value.trim());
      }}
    >
      <label class="row">
        {w.transferFind}
        <input
          type="text" autocomplete="off" autoFocus value={query.value}
          onInput={(event) => (query.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            // The first that fits is chosen; the note comes next.
            if (event.key !== "Enter" || event.isComposing || (mine && note.value.trim() !== "")) return;
            event.preventDefault();
            noteField.current?.focus();
          }}
        />
      </label>
      <div class="options-scroll">
        {found.length === 0
          ? <p class="empty">{w.paletteNothing}</p>
          : (
            <Options
              label={w.transferTitle} name="to" value={chosen?.value} set={(value) => (to.value = value)}
              options={found.map(({ value, title, hint }) => ({ value, title, hint }))}
            />
          )}
      </div>
      <label class="row">
        {mine ? w.transferNote : w.transferNoteOptional}
        <textarea
          ref={noteField} rows={2} maxLength={4000} required={mine} value={note.value} onInput={(event) => (note.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
      </label>
    </Asking>
  );
}

/** A time from a few, or any other. */
function Times({ label, name, times, chosen, set, focus }: {
  label: string; name: string; times: Later[]; chosen: number | undefined; set: (at: number | undefined) => void; focus: boolean;
}) {
  const w = words.value;
  const own = useSignal(chosen !== undefined && !times.some(({ at }) => at === chosen));
  const value = own.value ? "own" : String(chosen ?? "");
  return (
    <>
      <Options
        label={label} name={name} focus={focus} value={value}
        set={(value) => {
          own.value = value === "own";
          if (value !== "own") set(Number(value));
        }}
        options={[
          ...times.map(({ name, at }) => ({ value: String(at), title: w.later[name], hint: when(at) })),
          { value: "own", title: w.laterOwn },
        ]}
      />
      {own.value && (
        <label class="row">
          {w.laterWhen}
          <input
            type="datetime-local" required min={fieldTime(now.peek())} value={chosen === undefined ? "" : fieldTime(chosen)}
            onInput={(event) => set(timeOfField(event.currentTarget.value))}
          />
        </label>
      )}
    </>
  );
}

export function SnoozeDialog() {
  const w = words.value;
  const times = useRef(snoozes(now.peek())).current;
  const at = useSignal<number | undefined>(times[0]?.at);
  const conversation = subject.value;
  const waits = subjectItem.value?.unanswered_since !== undefined;
  return (
    <Asking
      title={w.snoozeTitle} lead={waits ? w.snoozeWaits : w.snoozeLead} act={w.snooze} ready={!waits && at.value !== undefined && at.value > now.value}
      onAct={() => conversation && at.value !== undefined && snooze(conversation, at.value)}
    >
      <Times label={w.snoozeTitle} name="until" focus times={times} chosen={at.value} set={(value) => (at.value = value)} />
    </Asking>
  );
}

export function PromiseDialog() {
  const w = words.value;
  const given = spotted.peek();
  const changing = moving.peek();
  const times = useRef(deadlines(now.peek())).current;
  const what = useSignal(given?.what ?? "");
  const at = useSignal<number | undefined>(given?.by ?? times[0]?.at);
  const conversation = subject.value;
  return (
    <Asking
      title={changing ? w.promiseMoveTitle : w.promiseTitle} lead={changing ? w.promiseMoveLead : w.promiseLead} act={w.promiseSave}
      ready={(changing !== undefined || what.value.trim() !== "") && at.value !== undefined && at.value > now.value}
      onAct={() => {
        if (!conversation || at.value === undefined) return;
        if (changing) movePromise(conversation, changing, at.value);
        else promise(conversation, what.value.trim(), at.value);
      }}
    >
      {!changing && (
        <label class="row">
          {w.promiseWhat}
          <input type="text" required autoFocus maxLength={400} value={what.value} onInput={(event) => (what.value = event.currentTarget.value)} />
        </label>
      )}
      <Times label={w.promiseWhen} name="by" focus={changing !== undefined} times={times} chosen={at.value} set={(value) => (at.value = value)} />
    </Asking>
  );
}

export function PriorityDialog() {
  const w = words.value;
  const item = subjectItem.value;
  const value = useSignal<Priority>(item?.priority ?? "normal");
  return (
    <Asking
      title={w.priorityTitle} lead={w.priorityLead} act={w.save} ready={item !== undefined}
      onAct={() => item && prioritise(item.conversation, value.value)}
    >
      <Options
        label={w.priorityTitle} name="priority" focus value={value.value} set={(one) => (value.value = one)}
        options={PRIORITIES.map((one) => ({ value: one, title: w.priorities[one] }))}
      />
    </Asking>
  );
}

export function FlagDialog() {
  const w = words.value;
  const before = card()?.abuse;
  const level = useSignal<AbuseLevel | "none">(before ?? "flagged");
  const reason = useSignal("");
  const conversation = subject.value;
  const levels: (AbuseLevel | "none")[] = ["flagged", ...(person.value?.role === "agent" ? [] : ["blocked" as const]), ...(before && (before !== "blocked" || person.value?.role !== "agent") ? ["none" as const] : [])];
  return (
    <Asking
      title={w.flagTitle} lead={w.flagLead} act={w.save} ready={reason.value.trim() !== ""}
      onAct={() => conversation && flag(conversation, level.value === "none" ? undefined : level.value, reason.value.trim())}
    >
      <Options
        label={w.flagTitle} name="level" focus value={level.value} set={(one) => (level.value = one)}
        options={levels.map((one) => ({ value: one, title: w.abuse[one], hint: w.abuseHints[one] }))}
      />
      <label class="row">
        {w.flagReason}
        <input type="text" required maxLength={400} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
      </label>
    </Asking>
  );
}
