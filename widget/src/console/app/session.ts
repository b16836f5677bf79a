// Who is signed in: from the first look to signing out.

import { batch } from "@preact/signals";
import type { Person } from "../../protocol/types";
import { ApiError, api } from "../api";
import { forgetAll, keptOutbox } from "../model/drafts";
import { open } from "../model/receive";
import { start } from "../model/state";
import { ownLang } from "../prefs";
import { route } from "../route";
import { consoleLang } from "../words";
import { connect, disconnect, take } from "./line";
import { expired, person, state, words } from "./signals";
import { say } from "./toasts";

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
  connect(() => void stillSignedIn(), signedOut);
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
  disconnect();
  batch(() => {
    person.value = null;
    expired.value = true;
  });
}

/** Drafts and unsent lines of the person go with them. */
export async function signOut(): Promise<void> {
  await api.logout().catch(() => undefined);
  disconnect();
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
