// What the agent hears and sees pass by when something happens.

import type { ConversationId, ErrorCode } from "../../protocol/types";
import { waited } from "../model/time";
import * as outbox from "../model/outbox";
import { isOffered, type Notice } from "../model/state";
import { itemOf } from "../model/unread";
import { sound } from "../prefs";
import * as sounds from "../sound";
import { take } from "./line";
import { teamName } from "./names";
import { dialog, ask, now, state, words } from "./signals";
import { say } from "./toasts";
import { show } from "./verbs";

/** What comes into the queue is heard when it is still there after this long, in milliseconds. */
const SETTLES_MS = 1_000;

/** A refused act that may succeed later is sent again after this long, in milliseconds. */
const AGAIN_MS = 2_000;

export function tell(notice: Notice): void {
  const w = words.value;
  switch (notice.kind) {
    case "sound":
      if (notice.what === "queued") setTimeout(ringIfWaiting, SETTLES_MS, notice.conversation);
      else ring(notice.what, notice.conversation);
      break;
    case "taken": say(w.taken(notice.name)); break;
    case "missed": say(w.missed, "bad"); break;
    case "back": {
      if (sound.value) sounds.play("assigned");
      const about = itemOf(state.value, notice.conversation)?.excerpt;
      say(about ? `${w.back} «${about}»` : w.back);
      notify(w.back, notice.conversation);
      break;
    }
    case "promise_due":
      say(w.promiseDue, "bad");
      notify(w.promiseDue, notice.conversation);
      break;
    case "mention":
      if (sound.value) sounds.play("reply");
      say(w.mentioned(notice.name));
      notify(w.mentioned(notice.name), notice.conversation);
      break;
    case "refused": {
      // A refused line says so itself where it stands.
      const { frame } = notice;
      const shown = (frame.type === "reply" || frame.type === "note") && frame.conversation === state.value.open;
      if (!shown) say(refusal(notice.code), "bad");
      // The close can be tried again once it is said what becomes of the promise.
      if (frame.type === "close" && notice.code === "promise_open" && !dialog.value) ask("close", frame.conversation);
      break;
    }
    case "error": {
      say(refusal(notice.code), "bad");
      const { open: shown, threads } = state.value;
      if (notice.code === "not_found" && shown !== undefined && !threads[shown]) show(undefined);
      break;
    }
    case "send_again": setTimeout(() => take(outbox.flush(state.value)), AGAIN_MS); break;
    case "reset": say(w.historyReset, "bad"); break;
  }
}

/** The server offers what comes to somebody at once: one thing is heard once, as what it is. */
function ringIfWaiting(conversation: ConversationId): void {
  if (state.value.desk?.waiting.some((item) => item.conversation === conversation && !isOffered(item))) ring("queued", conversation);
}

const refusal = (code: ErrorCode): string => words.value.refused[code];

/** A tone, and a line on the desktop. */
export function ring(what: "queued" | "offered" | "assigned" | "reply", conversation: ConversationId): void {
  const w = words.value;
  if (sound.value) sounds.play(what);
  const item = itemOf(state.value, conversation);
  switch (what) {
    case "queued": return notify(w.noticeQueued(item ? w.reasons[item.reason] : ""), conversation);
    case "offered": return notify(item ? w.noticeOffered(teamName(item.team), waited(item.since, now.value)) : w.offer, conversation);
    case "assigned": return notify(w.noticeAssigned, conversation);
    case "reply": return notify(w.noticeReply, conversation);
  }
}

/** On the desktop, only while the window is away, and without a word of what the visitor wrote: screens are seen by others. */
function notify(text: string, conversation: ConversationId): void {
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  try {
    const notice = new Notification(words.value.product, { body: text, tag: conversation });
    notice.onclick = () => {
      window.focus();
      show(conversation);
      notice.close();
    };
  } catch {
    // Some phones allow notifications from service workers only.
  }
}
