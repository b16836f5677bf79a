// The one place where state, connection, storage and sound meet. Screens read the signals and call the verbs.

import { batch, computed, effect, signal, untracked } from "@preact/signals";
import type { AgentStatus, AgentToServer, ConversationId, Outcome, Person, Seq } from "../protocol/types";
import { ApiError, api } from "./api";
import { Connection } from "./model/connection";
import { forgetAll, keepOutbox, keptOutbox } from "./model/drafts";
import * as outbox from "./model/outbox";
import { attend, lost, open, receive } from "./model/receive";
import { type ActFrame, type Notice, type State, type Step, isMine, mayClaim, start } from "./model/state";
import { count, lists } from "./model/unread";
import { chosenLang, ownLang, sound } from "./prefs";
import { go, route } from "./route";
import * as sounds from "./sound";
import { type Words, consoleLang, wordsOf } from "./words";

/** A refused act that may succeed later is sent again after this long, in milliseconds. */
const AGAIN_MS = 2_000;
/** A typing sign goes out at most this often, in milliseconds. */
const TYPING_EVERY_MS = 2_000;
const TOAST_MS = 6_000;

export const state = signal<State>(start);
/** `undefined` while it is not known yet; `null` when nobody is signed in. */
export const person = signal<Person | null | undefined>(undefined);
/** The session ended by itself: the sign-in page says so. */
export const expired = signal(false);
export const outdated = signal(false);
export const now = signal(Date.now());
export const lang = computed(() => chosenLang.value ?? ownLang.value);
export const words = computed<Words>(() => wordsOf(lang.value));

export interface Toast { id: number; text: string; tone: "plain" | "bad" }
export const toasts = signal<readonly Toast[]>([]);

export type Dialog = "palette" | "help" | "close" | "leave";
export const dialog = signal<Dialog | undefined>(undefined);
/** The status that is to be taken once it is decided what becomes of the open conversations. */
export const leavingFor = signal<AgentStatus>("away");

export type Pane = "queue" | "thread" | "context";
/** The pane shown where there is room for one. */
export const pane = signal<Pane>("queue");
export const mode = signal<"reply" | "note">("reply");
/** Counts up when the composer is to take the focus. */
export const focusComposer = signal(0);

const fresh = (): string => crypto.randomUUID();

let connection: Connection | undefined;

function take({ state: next, send, notices }: Step): void {
  state.value = next;
  connection?.send(send);
  for (const notice of notices) tell(notice);
}

let toastId = 0;

export function say(text: string, tone: Toast["tone"] = "plain"): void {
  const toast: Toast = { id: ++toastId, text, tone };
  toasts.value = [...toasts.value.slice(-2), toast];
  setTimeout(() => dismiss(toast.id), TOAST_MS);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

function tell(notice: Notice): void {
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

/** Finds out who is signed in, when the page opens. */
export async function begin(): Promise<void> {
  try {
    welcome(await api.me());
  } catch (error) {
    if (error instanceof ApiError && error.failure !== "wrong") {
      // The server is not there: stay, and look again.
      state.value = { ...state.value, link: "lost" };
      setTimeout(() => void begin(), 3_000);
      return;
    }
    person.value = null;
  }
}

/** Somebody has signed in. */
export function welcome(me: Person): void {
  batch(() => {
    ownLang.value = consoleLang(me.lang);
    person.value = me;
    expired.value = false;
    state.value = { ...start, looking: state.peek().looking, outbox: keptOutbox(sessionStorage, me.id) };
  });
  connection = new Connection(
    {
      socket: () => new WebSocket(`${location.origin.replace(/^http/, "ws")}/v1/agent/ws`),
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      chance: Math.random,
    },
    {
      frame: (frame) => take(receive(state.value, frame, Date.now())),
      lost: () => {
        state.value = lost(state.value);
        void stillSignedIn();
      },
      refused: (why) => (why === "signed_out" ? signedOut() : (outdated.value = true)),
    },
  );
  connection.open();
  take(open(state.value, route.value.conversation));
}

/** A refused upgrade looks like a lost network: asking tells the two apart, and brings a fresh CSRF token. */
async function stillSignedIn(): Promise<void> {
  try {
    await api.me();
  } catch (error) {
    if (error instanceof ApiError && error.failure === "wrong") signedOut();
  }
}

function signedOut(): void {
  if (!person.value) return;
  connection?.stop();
  connection = undefined;
  batch(() => {
    person.value = null;
    expired.value = true;
  });
}

/** Drafts and unsent lines of the person go with them. */
export async function signOut(): Promise<void> {
  await api.logout().catch(() => undefined);
  connection?.stop();
  forgetAll(sessionStorage);
  location.hash = "";
  location.reload();
}

/** A request of a page failed; an expired sign-in leads back to the door. */
export function failed(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
  if (error.failure === "wrong") signedOut();
  else say(words.value.failures[error.failure], "bad");
}

// Verbs

export function show(conversation: ConversationId | undefined): void {
  pane.value = conversation === undefined ? "queue" : "thread";
  go(conversation === undefined ? { page: "desk" } : { page: "desk", conversation });
}

const act = (frame: ActFrame): void => take(outbox.act(state.value, frame, Date.now()));

export function claim(conversation: ConversationId): void {
  if (!mayClaim(state.value, conversation) && state.value.threads[conversation]) return;
  if (outbox.underWay(state.value, conversation, "claim")) return;
  const seen = state.value.threads[conversation]?.seq
    ?? [...(state.value.desk?.waiting ?? []), ...(state.value.desk?.messages ?? [])].find((item) => item.conversation === conversation)?.seq
    ?? 0;
  act({ type: "claim", id: fresh(), conversation, seen });
  mode.value = "reply";
  show(conversation);
}

/** The last event that the agent can have read. */
const lastShown = (conversation: ConversationId): Seq => state.value.threads[conversation]?.seq ?? 0;

export const write = (conversation: ConversationId, as: "reply" | "note", text: string): void =>
  act(as === "reply"
    ? { type: "reply", id: fresh(), conversation, text, seen: lastShown(conversation) }
    : { type: "note", id: fresh(), conversation, text });

export const handBack = (conversation: ConversationId): void => act({ type: "return", id: fresh(), conversation });

export const putBack = (conversation: ConversationId): void => act({ type: "put_back", id: fresh(), conversation });

export const close = (conversation: ConversationId, outcome: Outcome): void =>
  act({ type: "close", id: fresh(), conversation, outcome, seen: lastShown(conversation) });

export const setStatus = (status: AgentStatus): void => act({ type: "status", id: fresh(), status });

/** Going away with open conversations asks first what becomes of them. */
export function chooseStatus(status: AgentStatus): void {
  if ((status === "away" || status === "offline") && lists(state.value).mine.length > 0) {
    leavingFor.value = status;
    dialog.value = "leave";
  } else {
    setStatus(status);
  }
}

export const sendAgain = (id: string): void => take(outbox.retry(state.value, id, fresh()));

export const discard = (id: string): void => {
  state.value = outbox.drop(state.value, id);
};

let typedAt = 0;

/** The agent is writing to the visitor. */
export function typing(conversation: ConversationId): void {
  const at = Date.now();
  if (state.value.link !== "live" || at - typedAt < TYPING_EVERY_MS || !isMine(state.value, conversation)) return;
  typedAt = at;
  const frame: AgentToServer = { type: "typing", conversation };
  connection?.send([frame]);
}

export const compose = (as: "reply" | "note"): void => {
  mode.value = as;
  pane.value = "thread";
  focusComposer.value += 1;
};

// What follows from the world

setInterval(() => (now.value = Date.now()), 1_000);

effect(() => {
  const conversation = route.value.page === "desk" ? route.value.conversation : undefined;
  if (person.value && state.peek().open !== conversation) {
    untracked(() => take(open(state.peek(), conversation)));
    if (conversation) pane.value = "thread";
  }
});

const visible = signal(!document.hidden);
document.addEventListener("visibilitychange", () => {
  visible.value = !document.hidden;
  if (!document.hidden) connection?.hurry();
});
addEventListener("online", () => connection?.hurry());
addEventListener("pageshow", () => connection?.hurry());

effect(() => {
  const looking = visible.value && route.value.page === "desk" && route.value.conversation !== undefined;
  state.value = attend(state.peek(), looking);
});

const acts = computed(() => state.value.outbox);

effect(() => {
  const me = person.value;
  if (me) keepOutbox(sessionStorage, me.id, acts.value);
});

const waitingCount = computed(() => (person.value ? count(state.value) : 0));

effect(() => {
  document.documentElement.lang = lang.value;
  const n = waitingCount.value;
  document.title = `${n > 0 ? `(${n}) ` : ""}${words.value.pages[route.value.page]} · ${words.value.product}`;
});

const icon = (dot: boolean): string => {
  const mark = dot ? '<circle cx="24" cy="8" r="7" fill="#c8341f" stroke="#fff" stroke-width="2"/>' : "";
  return `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="4" y="5" width="24" height="22" rx="4" fill="#0b5f6b"/><path d="M9 12h14M9 18h8" stroke="#fff" stroke-width="3" stroke-linecap="round"/>${mark}</svg>`,
  )}`;
};

effect(() => {
  document.querySelector('link[rel="icon"]')?.setAttribute("href", icon(waitingCount.value > 0));
});

for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, sounds.unlock, { once: true });
