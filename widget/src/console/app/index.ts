// The one place where state, connection, storage and sound meet. Screens read the signals and call the verbs.

export { answerAll, batch, busy } from "./batch";
export { cannedIn, readCanned, topicAnswer, topicOf } from "./canned";
export { older } from "./line";
export { teamName, topicName, touchpointName } from "./names";
export { begin, failed, signOut, welcome } from "./session";
export {
  type Dialog, type Pane, type TalkDialog, ask, cause, dialog, done, expired, focusComposer, lang, leavingFor, mode, moving, now, outdated, pane,
  person, spotted, state, subject, subjectItem, words,
} from "./signals";
export { type Toast, dismiss, say, toasts } from "./toasts";
export { dropUpload, sendFileAgain, sendFiles, uploads } from "./uploads";
export {
  chooseStatus, claim, close, compose, decline, discard, flag, handBack, keepPromise, merge, movePromise, prioritise, promise, putBack, sendAgain, setStatus,
  show, snooze, transfer, typing, unmerge, wake, write,
} from "./verbs";
import "./world";
