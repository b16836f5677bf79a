import assert from "node:assert/strict";
import { test } from "node:test";
import * as outbox from "../../src/console/model/outbox";
import { TYPING_MS, attend, lost, open } from "../../src/console/model/receive";
import { mayClaim, placeOf } from "../../src/console/model/state";
import { count, lists, neighbour, next, unread } from "../../src/console/model/unread";
import type { AgentEvent, AgentToClient, Card, DeskItem, DeskView, Person } from "../../src/protocol/types";
import { Console, NOW } from "./play";

const me: Person = { id: "me", name: "Marta", email: "m@x.example", role: "agent", teams: [], lang: "es" };

const item = (conversation: string, more: Partial<DeskItem> = {}): DeskItem => ({
  conversation, seq: 2, position: 1, since: NOW, reason: "customer_request", team: "sales", team_name: "Ventas", priority: "normal", returned: false,
  site: "es", lang: "es", style: "warm", excerpt: "hola", ...more,
});
const mine = (conversation: string, more: Partial<DeskItem> = {}) => item(conversation, { agent: "me", agent_name: "Marta", position: 0, ...more });
const desk = (more: Partial<DeskView> = {}): DeskView => ({ waiting: [], messages: [], assigned: [], people: [], teams: [], orphans: 0, ...more });
const welcome = (view: DeskView, epoch = "e"): AgentToClient => ({ type: "welcome", me, status: "online", epoch, desk: view });
const card: Card = {
  wants: "", tried: [], data: [], verified: [], site: "es", channel: "web", lang: "es", style: "warm", angry: false, failures: 0, promises: [], state: "queued",
};
const said = (seq: number, id = `v${seq}`): AgentEvent =>
  ({ seq, at: NOW, event: { kind: "seen", event: { kind: "visitor", id, text: "hola", tap: false } } });
const page = (conversation: string, events: AgentEvent[], state = "queued"): AgentToClient =>
  ({ type: "page", conversation, seq: events.at(-1)?.seq ?? 0, card: { ...card, state }, events, older: false });
const event = (conversation: string, event: AgentEvent): AgentToClient => ({ type: "event", conversation, event });

/** A console with conversation `c` of its own, its page there, and another one on the screen. */
const working = (): Console => {
  const console = new Console().hear(welcome(desk({ assigned: [mine("c")] }))).hear(page("c", [said(1), said(2)]));
  console.sent = [];
  console.notices = [];
  return console;
};

test("an event that is known already is not shown twice", () => {
  const console = working().hear(event("c", said(2))).hear(event("c", said(1)));
  assert.deepEqual(console.state.threads.c?.events.map(({ seq }) => seq), [1, 2]);
});

test("a hole is never bridged: what is missing is asked for, once", () => {
  const console = working().hear(event("c", said(4))).hear(event("c", said(5)));
  assert.equal(console.state.threads.c?.seq, 2);
  assert.deepEqual(console.sent, [{ type: "watch", conversation: "c", after: 2 }]);
  console.hear(event("c", said(3))).hear(event("c", said(4))).hear(event("c", said(5)));
  assert.deepEqual(console.state.threads.c?.events.map(({ seq }) => seq), [1, 2, 3, 4, 5]);
});

test("another history voids what is held, but not what is unsent", () => {
  const console = working();
  console.state = lost(console.state);
  console.act({ type: "reply", id: "r", conversation: "c", text: "hola" });
  console.hear(welcome(desk({ assigned: [mine("c")] }), "another"));
  assert.deepEqual(console.sent, [{ type: "watch", conversation: "c" }, { type: "reply", id: "r", conversation: "c", text: "hola" }]);
  assert.deepEqual(console.notices, [{ kind: "reset" }]);
  assert.deepEqual(console.state.threads, {});
});

test("the queue, an assignment and a reply are heard; one's own claim and what is on the screen are not", () => {
  const console = working();
  console.hear({ type: "desk", desk: desk({ waiting: [item("w")], assigned: [mine("c"), mine("given")] }) });
  assert.deepEqual(console.notices, [
    { kind: "sound", what: "queued", conversation: "w" }, { kind: "sound", what: "assigned", conversation: "given" },
  ]);
  console.notices = [];
  console.hear({ type: "desk", desk: desk({ assigned: [mine("c"), mine("given"), mine("w")] }) });
  assert.deepEqual(console.notices, [], "taken by this agent");
  console.hear(event("c", said(3)));
  assert.deepEqual(console.notices, [{ kind: "sound", what: "reply", conversation: "c" }]);
  console.notices = [];
  console.take(open(console.state, "c"));
  console.state = attend(console.state, true);
  console.hear(event("c", said(4)));
  assert.deepEqual(console.notices, []);
});

test("nothing sounds when the page opens", () => {
  assert.deepEqual(new Console().hear(welcome(desk({ waiting: [item("w")] }))).notices, []);
});

test("unread lines are those after the last look, and the title counts them with who waits", () => {
  const console = working();
  const [own] = lists(console.state).mine;
  assert.ok(own);
  assert.equal(unread(console.state, own), 2, "nothing was answered yet");
  console.hear({ type: "desk", desk: desk({ waiting: [item("w"), item("x")], assigned: [mine("c")] }) });
  assert.equal(count(console.state), 3);
  console.take(open(console.state, "c"));
  console.state = attend(console.state, true);
  assert.equal(unread(console.state, own), 0);
  assert.equal(count(console.state), 2);
  console.state = attend(console.state, false);
  console.hear(event("c", said(3)));
  assert.equal(unread(console.state, own), 1);
});

test("a conversation whose page is not here yet is unread when its visitor waits", () => {
  const console = new Console().hear(welcome(desk({ assigned: [mine("c", { unanswered_since: NOW }), mine("d")] })));
  assert.deepEqual(lists(console.state).mine.map((one) => unread(console.state, one)), [1, 0]);
});

test("own conversations and the one on the screen are watched, others no more", () => {
  const console = working();
  console.take(open(console.state, "w"));
  assert.deepEqual(console.sent, [{ type: "watch", conversation: "w" }]);
  console.sent = [];
  console.take(open(console.state, undefined));
  assert.deepEqual(console.sent, [{ type: "unwatch", conversation: "w" }]);
  console.sent = [];
  console.hear({ type: "desk", desk: desk() });
  assert.deepEqual(console.sent, [{ type: "unwatch", conversation: "c" }]);
});

test("who has it: the desk first, then the events, then the card", () => {
  const console = new Console().hear(welcome(desk({ waiting: [item("c")] })));
  console.take(open(console.state, "c")).hear(page("c", [said(1)], "bot"));
  assert.equal(placeOf(console.state, "c").state, "queued");
  console.hear({ type: "desk", desk: desk() });
  assert.equal(placeOf(console.state, "c").state, "bot");
  assert.ok(mayClaim(console.state, "c"), "an agent may step in");
  console.hear(event("c", { seq: 2, at: NOW, event: { kind: "closed", outcome: "expired", by: "timer", because: "default" } }));
  assert.equal(placeOf(console.state, "c").state, "closed");
  assert.ok(!mayClaim(console.state, "c"));
  console.hear({ type: "desk", desk: desk({ messages: [item("c")] }) });
  assert.ok(mayClaim(console.state, "c"), "an answer is owed there");
});

test("J and K walk the lists and stop at their ends; A takes who is next", () => {
  const console = new Console().hear(welcome(desk({ assigned: [mine("c")], waiting: [item("w"), item("x")] })));
  assert.equal(neighbour(console.state, 1), "c");
  assert.equal(next(console.state), "w");
  console.take(open(console.state, "w"));
  assert.equal(neighbour(console.state, 1), "x");
  assert.equal(neighbour(console.state, -1), "c");
  console.take(open(console.state, "x"));
  assert.equal(neighbour(console.state, 1), "x");
  assert.equal(next(console.state), "x");
  console.take(open(console.state, "c"));
  assert.equal(next(console.state), "w", "one's own is taken already");
});

test("a typing sign goes with the line that was typed, and by itself", () => {
  const console = working().hear({ type: "typing", conversation: "c" });
  assert.deepEqual(console.state.threads.c?.typing, { until: NOW + TYPING_MS });
  console.hear(event("c", said(3)));
  assert.equal(console.state.threads.c?.typing, undefined);
});

test("an act on a picture that the store does not share reads it anew", () => {
  const console = new Console().hear(welcome(desk({ waiting: [item("w")] })));
  console.take(open(console.state, "w")).hear(page("w", [said(1), said(2)]));
  console.sent = [];
  console.act({ type: "claim", id: "k", conversation: "w", seen: 2 }).hear({ type: "error", id: "k", code: "stale", retry: false });
  assert.deepEqual(console.sent, [{ type: "claim", id: "k", conversation: "w", seen: 2 }, { type: "watch", conversation: "w" }]);
  assert.equal(console.state.threads.w, undefined);
  assert.ok(!outbox.underWay(console.state, "w", "claim"));
});
