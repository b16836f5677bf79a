// What follows from the world: the address, the window, the network, the tab's title.

import { computed, effect, signal, untracked } from "@preact/signals";
import { keepOutbox } from "../model/drafts";
import { attend, open } from "../model/receive";
import { count, unseen } from "../model/unread";
import { route } from "../route";
import * as sounds from "../sound";
import { hurry, take } from "./line";
import { ring } from "./notices";
import { lang, pane, person, state, words } from "./signals";

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
  if (!document.hidden) hurry();
});
addEventListener("online", hurry);
addEventListener("pageshow", hurry);

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

/** What calls for the agent is heard again so often until it is looked at, in milliseconds. */
const REMIND_MS = 30_000;

const calls = computed(() => (person.value ? unseen(state.value)[0] : undefined));

effect(() => {
  if (calls.value === undefined) return undefined;
  const timer = setInterval(() => {
    const conversation = calls.peek();
    const offered = state.peek().desk?.waiting.some((item) => item.conversation === conversation);
    if (conversation !== undefined) ring(offered ? "offered" : "reply", conversation);
  }, REMIND_MS);
  return () => clearInterval(timer);
});

for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, sounds.unlock, { once: true });
