// The small dialogs of the desk: how it ended, what becomes of open conversations, which keys there are.

import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Outcome } from "../../protocol/types";
import { type Dialog as Name, close, dialog, leavingFor, putBack, setStatus, state, words } from "../app";
import { lists } from "../model/unread";
import { COMMANDS } from "./commands";
import { Dialog } from "./Dialog";
import { Palette } from "./Palette";

const done = () => (dialog.value = undefined);

/** What an agent may say about the end. */
const OUTCOMES = ["resolved_by_agent", "unresolved", "referred"] as const satisfies readonly Outcome[];

function CloseDialog() {
  const w = words.value;
  const outcome = useSignal<(typeof OUTCOMES)[number]>("resolved_by_agent");
  const conversation = state.value.open;
  return (
    <Dialog label={w.closeTitle}>
      <form onSubmit={(event) => {
        event.preventDefault();
        if (conversation) close(conversation, outcome.value);
        done();
      }}>
        <h2>{w.closeTitle}</h2>
        <p class="lead">{w.closeLead}</p>
        <fieldset class="options">
          <legend class="sr">{w.closeTitle}</legend>
          {OUTCOMES.map((one) => (
            <label key={one} class="option">
              <input type="radio" name="outcome" value={one} checked={outcome.value === one} onChange={() => (outcome.value = one)} />
              <span><b>{w.outcomes[one]}</b><small>{w.outcomeHints[one]}</small></span>
            </label>
          ))}
        </fieldset>
        <div class="dialog-foot">
          <button type="button" onClick={done}>{w.cancel}</button>
          <button type="submit" class="primary">{w.close}</button>
        </div>
      </form>
    </Dialog>
  );
}

function LeaveDialog() {
  const w = words.value;
  const { mine } = lists(state.value);
  const leave = (back: boolean) => {
    if (back) for (const { conversation } of mine) putBack(conversation);
    setStatus(leavingFor.value);
    done();
  };
  return (
    <Dialog label={w.leaveTitle}>
      <h2>{w.leaveTitle}</h2>
      <p class="lead">{w.leaveLead(mine.length)}</p>
      <div class="dialog-foot">
        <button type="button" onClick={done}>{w.cancel}</button>
        <button type="button" onClick={() => leave(false)}>{w.leaveKeep}</button>
        <button type="button" class="primary" onClick={() => leave(true)}>{w.leavePutBack}</button>
      </div>
    </Dialog>
  );
}

function HelpDialog() {
  const w = words.value;
  return (
    <Dialog label={w.help}>
      <h2>{w.help}</h2>
      <p class="lead">{w.helpLead}</p>
      <dl class="keys">
        {COMMANDS.map(({ name, keys }) => <div key={name}><dt><kbd>{keys}</kbd></dt><dd>{w.commands[name]}</dd></div>)}
      </dl>
      <div class="dialog-foot"><button type="button" class="primary" onClick={done}>{w.done}</button></div>
    </Dialog>
  );
}

/** Every dialog by its name. */
const DIALOGS: Readonly<Record<Name, ComponentType>> = { palette: Palette, help: HelpDialog, close: CloseDialog, leave: LeaveDialog };

/** The dialog that is open. */
export function OpenDialog() {
  const Shown = dialog.value && DIALOGS[dialog.value];
  return Shown ? <Shown /> : null;
}
