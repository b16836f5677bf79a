import assert from "node:assert/strict";
import { test } from "node:test";
import { causes } from "../../src/console/model/causes";
import { deadlines, fieldTime, snoozes, timeOfField } from "../../src/console/model/later";
import { open } from "../../src/console/model/receive";
import { share } from "../../src/console/model/share";
import { atRisk, risk } from "../../src/console/model/sla";
import { isMine, mayClaim, placeOf } from "../../src/console/model/state";
import { count, inOrder, isBack, lists, next, unread, unseen } from "../../src/console/model/unread";
import type { AgentEvent, AgentToClient, Card, DeskItem, DeskView, Person } from "../../src/protocol/types";
import { Console, golden, NOW } from "./play";

const me: Person = { id: "me", name: "Marta", email: "m@x.example", role: "agent", teams: [], lang: "es" };
const item = (conversation: string, more: Partial<DeskItem> = {}): DeskItem => ({
  conversation, seq: 2, position: 1, since: NOW, reason: "customer_request", team: "sales", team_name: "Ventas", priority: "normal", returned: false,
  site: "es", lang: "es", style: "warm", excerpt: "hola", ...more,
});
const offered = (conversation: string, agent = "me") => item(conversation, { agent, agent_name: agent, offered_until: NOW + 30_000 });
const mine = (conversation: string, more: Partial<DeskItem> = {}) => item(conversation, { agent: "me", agent_name: "Marta", position: 0, ...more });
const desk = (more: Partial<DeskView> = {}): DeskView => ({ waiting: [], messages: [], assigned: [], people: [], teams: [], orphans: 0, ...more });
const welcome = (view: DeskView): AgentToClient => ({ type: "welcome", me, status: "online", epoch: "e", desk: view });
const show = (view: DeskView): AgentToClient => ({ type: "desk", desk: view });
const card: Card = {
  wants: "", tried: [], data: [], verified: [], site: "es", channel: "web", lang: "es", style: "warm", angry: false, failures: 0, promises: [],
  state: "assigned", agent: "me",
};
const note = (seq: number, text: string, name = "Ana"): AgentEvent => ({ seq, at: NOW, event: { kind: "note", id: `n${seq}`, name, text } });

const kinds = (console: Console): string[] => console.notices.map((notice) => (notice.kind === "sound" ? notice.what : notice.kind));

test("an offer is heard at once, also by a page that has just opened, and stands before everything else", () => {
  const console = new Console().hear(welcome(desk({ waiting: [item("w"), offered("o")] })));
  assert.deepEqual(kinds(console), ["offered"]);
  assert.equal(next(console.state), "o");
  assert.equal(placeOf(console.state, "o").state, "offered");
  assert.ok(mayClaim(console.state, "o"));
  assert.ok(!isMine(console.state, "o"));
  assert.deepEqual(unseen(console.state), ["o"]);
  assert.equal(count(console.state), 2);
  console.hear(show(desk({ waiting: [item("w"), offered("o"), offered("p")] })));
  assert.deepEqual(kinds(console), ["offered", "offered"], "each once");
});

test("what is offered to a colleague is seen, not taken", () => {
  const console = new Console().hear(welcome(desk({ waiting: [offered("o", "ana"), item("w")] })));
  assert.deepEqual(kinds(console), []);
  assert.ok(!mayClaim(console.state, "o"));
  assert.equal(next(console.state), "w");
  console.hear(show(desk({ waiting: [item("w")], assigned: [item("o", { agent: "ana", agent_name: "Ana" })] })));
  assert.deepEqual(kinds(console), [], "that she accepted surprises nobody");
});

test("an offer that ran out is told; one that was let pass or taken is not", () => {
  const ran = new Console().hear(welcome(desk({ waiting: [offered("o")] })));
  ran.notices = [];
  ran.hear(show(desk({ waiting: [item("o")] })));
  assert.deepEqual(kinds(ran), ["missed"]);
  for (const frame of [
    { type: "decline" as const, id: "d", conversation: "o" }, { type: "claim" as const, id: "d", conversation: "o", seen: 2 },
  ]) {
    const console = new Console().hear(welcome(desk({ waiting: [offered("o")] }))).act(frame);
    console.notices = [];
    // The desk may be shown before or after the ack.
    if (frame.type === "decline") console.hear({ type: "ack", id: "d", seq: 3 });
    console.hear(show(desk({ waiting: [offered("o", "ana")] })));
    assert.deepEqual(kinds(console), [], frame.type);
    assert.deepEqual(console.state.passed, []);
  }
});

test("the golden frames of a day at the desk are taken in, and each event makes the state it tells of", () => {
  const console = new Console();
  const [first] = golden("agent_works_at_the_desk");
  assert.ok(first && first.dir === "out" && first.frame.type === "desk");
  const conversation = first.frame.desk.waiting[0]?.conversation ?? "";
  console.hear({ type: "welcome", me: { ...me, id: first.frame.desk.waiting[0]?.agent ?? "" }, status: "online", epoch: "e", desk: desk() });
  console.take(open(console.state, conversation));
  console.hear({ type: "page", conversation, seq: 5, card: { ...card, state: "queued" }, events: [], older: false });
  const states: string[] = [];
  for (const { dir, frame } of golden("agent_works_at_the_desk")) {
    if (dir === "in") continue;
    // Seven and eight stand for the claim, whose event the file leaves out.
    if (frame.type === "event" && frame.event.seq === 9) {
      console.hear({ type: "event", conversation, event: { seq: 8, at: NOW, event: { kind: "seen", event: { kind: "joined", name: "Marta" } } } });
    }
    console.hear(frame);
    if (frame.type === "event") states.push(console.state.threads[conversation]?.card.state ?? "");
  }
  assert.equal(console.state.threads[conversation]?.seq, 21, "nothing was left out");
  assert.deepEqual([states[0], states[1]], ["offered", "queued"]);
  assert.equal(states[6], "snoozed");
});

test("the lists: offers, one's own by who waits longest, who waits, what is owed, what is put aside, what others have", () => {
  const console = new Console().hear(welcome(desk({
    waiting: [item("w1"), offered("o"), item("w2", { team: "payments" }), offered("x", "ana")],
    messages: [item("m", { team: "payments" })],
    assigned: [
      mine("quiet"), mine("late", { unanswered_since: NOW - 5 }), mine("later", { unanswered_since: NOW }), mine("aside", { snoozed_until: NOW + 9 }),
      item("b", { agent: "ana" }),
    ],
  })));
  const of = (team?: string): string[] => inOrder(lists(console.state, team)).map(({ conversation }) => conversation);
  assert.deepEqual(of(), ["o", "late", "later", "quiet", "w1", "w2", "x", "m", "aside", "b"]);
  assert.deepEqual(of("payments"), ["o", "late", "later", "quiet", "w2", "m", "aside"], "one's own are there whatever the team");
});

test("of many own conversations those that wait for a reply are followed, no more than the server allows", () => {
  const assigned = Array.from({ length: 60 }, (_, n) => mine(`c${n}`, n >= 50 ? { unanswered_since: NOW } : {}));
  const console = new Console().hear(welcome(desk({ assigned })));
  const watched = console.sent.flatMap((frame) => (frame.type === "watch" ? [frame.conversation] : []));
  assert.equal(watched.length, 40);
  for (let n = 50; n < 60; n += 1) assert.ok(watched.includes(`c${n}`), `c${n}`);
});

test("a note that names the agent is unread and heard; one that does not is neither", () => {
  const console = new Console().hear(welcome(desk({ assigned: [mine("c")] })));
  console.hear({ type: "page", conversation: "c", seq: 1, card, events: [note(1, "ojo")], older: false });
  console.notices = [];
  console.hear({ type: "event", conversation: "c", event: note(2, "@Marta ¿lo ves?") });
  console.hear({ type: "event", conversation: "c", event: note(3, "@Martina mira") });
  console.hear({ type: "event", conversation: "c", event: note(4, "me anoto: @Marta", "Marta") });
  assert.deepEqual(kinds(console), ["mention"]);
  const [own] = lists(console.state).mine;
  assert.ok(own);
  assert.equal(unread(console.state, own), 2);
});

test("a promise that is due soon is told to whoever has it", () => {
  const console = new Console().hear(welcome(desk({ assigned: [mine("c")] })));
  console.hear({ type: "page", conversation: "c", seq: 1, card, events: [note(1, "x")], older: false });
  console.notices = [];
  console.hear({ type: "event", conversation: "c", event: { seq: 2, at: NOW, event: { kind: "promise_warned", case: "M-1" } } });
  assert.deepEqual(kinds(console), ["promise_due"]);
});

test("a new picture of the desk shares what did not change", () => {
  const before = desk({ waiting: [item("a"), item("b")] });
  const after = share(before, desk({ waiting: [item("b"), item("a", { excerpt: "otra" }), item("c")] }));
  assert.equal(after.waiting[0], before.waiting[1]);
  assert.notEqual(after.waiting[1], before.waiting[0]);
  assert.deepEqual(after.waiting.map(({ excerpt }) => excerpt), ["hola", "otra", "hola"]);
});

test("conversations of one cause are found from three on, the largest first", () => {
  const about = (topic: string, n: number) => Array.from({ length: n }, (_, at) => item(`${topic}${at}`, { topic }));
  assert.deepEqual(causes([...about("pago", 3), ...about("envío", 5), ...about("talla", 2), item("?")]).map(({ topic, items }) => [topic, items.length]),
    [["envío", 5], ["pago", 3]]);
});

test("a deadline is fine, near, or missed", () => {
  assert.deepEqual([NOW + 121_000, NOW + 120_000, NOW + 1, NOW].map((at) => risk(at, NOW)), ["fine", "near", "near", "missed"]);
  const due = (at: number) => item(`${at}`, { due: { clock: "first_response", at } });
  assert.equal(atRisk([due(NOW), due(NOW + 60_000), due(NOW + 600_000), item("none")], NOW), 2);
});

test("times to put something off to lie ahead, and a field gives back what it was given", () => {
  const noon = new Date(2026, 10, 25, 12, 0).getTime();
  const evening = new Date(2026, 10, 29, 17, 50).getTime();
  assert.deepEqual(snoozes(noon).map(({ name }) => name), ["hour", "afternoon", "tomorrow", "monday"]);
  assert.deepEqual(snoozes(evening).map(({ name }) => name), ["hour", "tomorrow"], "on a Sunday tomorrow is Monday");
  assert.deepEqual(deadlines(evening).map(({ name }) => name), ["hour", "tomorrow"]);
  for (const now of [noon, evening]) for (const { at } of [...snoozes(now), ...deadlines(now)]) assert.ok(at > now + 30 * 60_000);
  assert.equal(timeOfField(fieldTime(noon)), noon);
  assert.equal(timeOfField(""), undefined);
});

test("what was put aside calls when its time has come, not when it is taken up before", () => {
  const at = (seq: number, at: number, kind: "woken" | "snoozed"): AgentEvent =>
    ({ seq, at, event: kind === "woken" ? { kind } : { kind, until: NOW + 60_000 } });
  for (const [when, heard] of [[NOW + 60_000, ["back"]], [NOW + 59_999, []]] as const) {
    const console = new Console().hear(welcome(desk({ assigned: [mine("c", { snoozed_until: NOW + 60_000 })] })));
    console.hear({ type: "page", conversation: "c", seq: 1, card, events: [at(1, NOW, "snoozed")], older: false });
    console.hear(show(desk({ assigned: [mine("c")] })));
    console.hear({ type: "event", conversation: "c", event: at(2, when, "woken") });
    assert.deepEqual(kinds(console), heard);
    const [own] = lists(console.state).mine;
    assert.ok(own);
    assert.equal(isBack(console.state, own), heard.length > 0);
  }
});

test("what came back while nobody looked is marked until somebody does, also on a page that has just opened", () => {
  const console = new Console().hear(welcome(desk({ assigned: [mine("c")] })));
  const events: AgentEvent[] = [
    { seq: 1, at: NOW, event: { kind: "agent", id: "a", agent: "me", name: "Marta", text: "luego sigo" } },
    { seq: 2, at: NOW, event: { kind: "snoozed", until: NOW + 60_000 } }, { seq: 3, at: NOW + 60_000, event: { kind: "woken" } },
  ];
  console.hear({ type: "page", conversation: "c", seq: 3, card, events, older: false });
  const [own] = lists(console.state).mine;
  assert.ok(own);
  assert.ok(isBack(console.state, own));
  assert.equal(count(console.state), 1);
  assert.deepEqual(unseen(console.state), [], "it does not ring like a visitor who waits");
  console.take(open({ ...console.state, looking: true }, "c"));
  assert.ok(!isBack(console.state, own));
  assert.equal(count(console.state), 0);
});

test("a review of a block is decided, not taken", () => {
  const promise = { case: "M-1", by: NOW, late: false, kind: "appeal" as const };
  const console = new Console().hear(welcome(desk({ messages: [item("r", { promise })] })));
  console.hear({ type: "page", conversation: "r", seq: 1, card: { ...card, state: "closed", promises: [promise] }, events: [], older: false });
  assert.ok(!mayClaim(console.state, "r"));
  console.hear(show(desk({ messages: [item("r", { promise: { ...promise, kind: "message" } })] })));
  assert.ok(mayClaim(console.state, "r"), "a message is answered");
});
