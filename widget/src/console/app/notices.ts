// What the agent hears and sees pass by when something happens.

import type { ConversationId } from "../../protocol/types";
import * as outbox from "../model/outbox";
import type { Notice } from "../model/state";
import { sound } from "../prefs";
import * as sounds from "../sound";
import { take } from "./line";
import { state, words } from "./signals";
import { say } from "./toasts";
import { show } from "./verbs";

/** A refused act that may succeed later is sent again after this long, in milliseconds. */
const AGAIN_MS = 2_000;

export function tell(notice: Notice): void {
  const w = words.value;
  switch (notice.kind) {
    case "sound": {
      if (sound.value) sounds.play(notice.what);
      const item = state.value.desk?.waiting.find(({ conversation }) => conversation === notice.conversation);
      const text = notice.what === "queued" ? w.noticeQueued(item ? w.reasons[item.reason] : "")
        : notice.what === "assigned" ? w.noticeAssigned : w.noticeReply;
      notify(text, notice.conversation);
      break;
    }
    case "taken": say(w.taken(notice.name)); break;
    case "refused": {
      // A refused line says so itself where it stands.
      const { frame } = notice;
      const shown = (frame.type === "reply" || frame.type === "note") && frame.conversation === state.value.open;
      if (!shown) say(w.refused[notice.code], "bad");
      break;
    }
    case "error": {
      say(w.refused[notice.code], "bad");
      const { open: shown, threads } = state.value;
      if (notice.code === "not_found" && shown !== undefined && !threads[shown]) show(undefined);
      break;
    }
    case "send_again": setTimeout(() => take(outbox.flush(state.value)), AGAIN_MS); break;
    case "reset": say(w.historyReset, "bad"); break;
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
