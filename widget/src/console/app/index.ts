// The one place where state, connection, storage and sound meet. Screens read the signals and call the verbs.

export { older } from "./line";
export { teamName, topicName } from "./names";
export { begin, failed, signOut, welcome } from "./session";
export {
  type Dialog, type Pane, dialog, expired, focusComposer, lang, leavingFor, mode, now, outdated, pane, person, state, words,
} from "./signals";
export { type Toast, dismiss, say, toasts } from "./toasts";
export {
  chooseStatus, claim, close, compose, discard, handBack, putBack, sendAgain, setStatus, show, typing, write,
} from "./verbs";
import "./world";
