// Every dialog by its name; and the small ones about no conversation. They come in a file of their own, right after the desk is shown.

import type { ComponentType } from "preact";
import { type Dialog as Name, done, leavingFor, putBack, setStatus, state, words } from "../app";
import { keyName } from "../model/keys";
import { lists } from "../model/unread";
import { letters } from "../prefs";
import { CauseDialog } from "./CauseDialog";
import { COMMANDS } from "./commands";
import { Dialog } from "./Dialog";
import { CloseDialog, FlagDialog, PriorityDialog, PromiseDialog, SnoozeDialog, TransferDialog } from "./dialogs";
import { MAC } from "./mac";
import { Palette } from "./Palette";

function LeaveDialog() {
  const w = words.value;
  const { mine, snoozed } = lists(state.value);
  const open = [...mine, ...snoozed];
  const leave = (back: boolean) => {
    if (back) for (const { conversation } of open) putBack(conversation);
    setStatus(leavingFor.value);
    done();
  };
  return (
    <Dialog label={w.leaveTitle}>
      <h2>{w.leaveTitle}</h2>
      <p class="lead">{w.leaveLead(open.length)}</p>
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
    <Dialog label={w.help} class="roomy">
      <h2>{w.help}</h2>
      <p class="lead">{w.helpLead}</p>
      <label class="check">
        <input type="checkbox" checked={letters.value} onChange={(event) => (letters.value = event.currentTarget.checked)} />
        {w.singleKeys}
      </label>
      <dl class="keys">
        {COMMANDS.filter(({ keys }) => keys.length > 0).map(({ name, keys }) => (
          <div key={name}><dt>{keys.map((one) => <kbd key={one}>{keyName(one, MAC)}</kbd>)}</dt><dd>{w.commands[name]}</dd></div>
        ))}
      </dl>
      <div class="dialog-foot"><button type="button" class="primary" onClick={done}>{w.done}</button></div>
    </Dialog>
  );
}

export const DIALOGS: Readonly<Record<Name, ComponentType>> = {
  palette: Palette, help: HelpDialog, leave: LeaveDialog, close: CloseDialog, transfer: TransferDialog, snooze: SnoozeDialog, promise: PromiseDialog,
  priority: PriorityDialog, flag: FlagDialog, cause: CauseDialog,
};
