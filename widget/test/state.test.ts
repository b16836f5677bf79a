import assert from "node:assert/strict";
import { test } from "node:test";
import { receive, START, type State, withOutbox } from "../src/client/state.ts";
import type { VisitorToClient } from "../src/protocol/types.ts";
import { received } from "./frames.ts";

const fold = (name: string, from: State = START) => received(name).reduce(receive, from);
const kinds = (state: State) => state.lines.map(({ event }) => event.kind);

test("a first visit: greeting, answer, buttons, another language", () => {
  const state = fold("visitor_first_visit");
  assert.deepEqual(kinds(state), ["session_opened", "visitor", "bot", "visitor", "style", "lang", "bot"]);
  assert.equal(state.last, 8);
  assert.equal(state.session, "open");
  assert.equal(state.lang, "en");
  assert.equal(state.style, "fast");
  assert.equal(state.typing, null, "the answer ends the typing");
});

test("a person: queue, agent, cut off, back in the queue, given back", () => {
  const frames = received("visitor_a_person");
  const states: State[] = [];
  frames.reduce((state, frame) => {
    const next = receive(state, frame);
    states.push(next);
    return next;
  }, { ...START, last: 8, fresh: false });
  const after = (kind: string) => states[frames.findLastIndex((frame) => (frame.type === "event" ? frame.event.kind : frame.type) === kind)];
  assert.deepEqual(states[5]?.queue?.position, 3);
  assert.equal(after("agent")?.agent, "Marta");
  assert.equal(after("agent")?.waiting, false);
  assert.equal(after("agent")?.queue, null);
  assert.equal(after("left")?.waiting, true);
  assert.equal(after("left")?.agent, null);
  assert.equal(after("joined")?.agent, "Luis");
  assert.equal(after("returned")?.agent, null);
  assert.equal(states.at(-1)?.waiting, false);
});

test("a long wait: the notice ends nothing, going back to the assistant ends the waiting, a transfer begins it", () => {
  const states: State[] = [];
  received("visitor_waits_long").reduce(
    (state, frame) => {
      const next = receive(state, frame);
      states.push(next);
      return next;
    },
    { ...START, last: 5, fresh: false, waiting: true },
  );
  const after = (kind: string) => states.find((state) => state.lines.at(-1)?.event.kind === kind);
  assert.equal(after("notice")?.waiting, true);
  assert.equal(after("left_queue")?.waiting, false);
  const transferred = received("visitor_waits_long").find((frame) => frame.type === "event" && frame.event.kind === "transferred");
  assert.ok(transferred);
  const moved = receive({ ...START, agent: "Marta", last: 15, fresh: false }, transferred);
  assert.deepEqual([moved.waiting, moved.agent], [true, null]);
});

test("a promise ends the waiting; its case stands in the log", () => {
  const state = fold("visitor_nobody_there", { ...START, last: 20, fresh: false, waiting: true });
  assert.equal(state.gap, false);
  assert.deepEqual(kinds(state).slice(0, 2), ["promise", "promise_late"]);
  assert.equal(state.waiting, true, "put back into the queue at the end");
});

test("a person who promises something goes on talking", () => {
  const promised = received("visitor_nobody_there").find((frame) => frame.type === "event" && frame.event.kind === "promise");
  assert.ok(promised);
  const state = receive({ ...START, agent: "Marta", session: "open", fresh: true }, promised);
  assert.equal(state.agent, "Marta");
});

test("the question: tap, line, reopened, put aside, none", () => {
  const frames = received("visitor_the_question");
  let state: State = { ...START, last: 30, fresh: false };
  const seen: (string | undefined)[] = [];
  for (const frame of frames) {
    state = receive(state, frame);
    if (frame.type === "event") {
      const { closing } = state;
      seen.push(closing ? `${frame.event.kind} tap=${closing.tap} done=${closing.done}` : frame.event.kind);
    }
  }
  assert.deepEqual(seen, [
    "closed tap=undefined done=false",
    "rated tap=2 done=false",
    "opinion tap=2 done=false",
    "rated tap=2 done=true",
    "reopened",
    "visitor",
    "closed tap=undefined done=false",
    "rating_missed tap=undefined done=true",
    "closed tap=undefined done=true",
  ]);
});

test("what is not recovered is a fresh page, at whatever number it begins", () => {
  const before: State = { ...fold("visitor_first_visit") };
  const state = fold("visitor_after_a_break", before);
  assert.deepEqual(kinds(state), ["erased", "visitor"]);
  assert.equal(state.last, 302);
  assert.equal(state.gap, false);
});

test("a hole is seen, an event that came twice is not shown twice", () => {
  const frames = received("visitor_first_visit");
  const state = fold("visitor_first_visit");
  const twice = frames.filter(({ type }) => type === "event").reduce(receive, state);
  assert.equal(twice.lines.length, state.lines.length);
  const hole = receive(state, { type: "event", seq: 10, at: 0, event: { kind: "reopened" } });
  assert.equal(hole.gap, true);
  assert.equal(hole.last, 8, "the position stays before the hole");
});

test("a server that was set back makes the client start afresh", () => {
  const state = fold("visitor_first_visit");
  const [first] = received("visitor_first_visit");
  assert.ok(first?.type === "welcome");
  const back = receive(state, { ...first, recovered: true, seq: 3 });
  assert.equal(back.gap, true);
  assert.deepEqual(back.lines, []);
  assert.equal(back.last, 0);
});

test("an act on its way is shown until its event is here, and not after", () => {
  const say = { act: { type: "say", id: "a-1", text: "¿dónde está mi pedido?" } as const, label: "¿dónde está mi pedido?" };
  let state = withOutbox(START, [say]);
  const shown: number[] = [];
  for (const frame of received("visitor_first_visit").slice(0, 4)) {
    state = receive(state, frame);
    shown.push(state.pending.length);
  }
  assert.deepEqual(shown, [1, 1, 0, 0]);

  // The ack may overtake the event.
  let early = withOutbox({ ...START, fresh: false, last: 1 }, [say]);
  early = withOutbox(receive(early, { type: "ack", id: "a-1", seq: 2 }), []);
  assert.equal(early.pending.length, 1, "acked, its event is still to come");
  early = receive(early, { type: "event", seq: 2, at: 0, event: { kind: "visitor", id: "a-1", text: "x", tap: false } });
  assert.equal(early.pending.length, 0);

  // An act without an event is done with its ack.
  const set = { act: { type: "set", id: "s", style: "fast" } as const };
  assert.equal(receive(withOutbox(START, [set]), { type: "ack", id: "s", seq: 0 }).pending.length, 0);
});

test("a page of older events comes before what is here, once, without what is hidden", () => {
  const said = (seq: number) => ({ seq, at: seq, event: { kind: "agent", name: "Marta", text: String(seq) } as const });
  const page = receive(START, { type: "event", ...said(201) });
  assert.equal(page.older, true);
  const older: VisitorToClient = { type: "older", events: [said(199), { seq: 200, at: 200, event: { kind: "hidden" } }], older: true };
  const once = receive(page, older);
  assert.deepEqual(once.lines.map(({ seq }) => seq), [199, 201]);
  assert.equal(once.last, 201, "where the conversation stands is not moved");
  const twice = receive(once, older);
  assert.deepEqual(twice.lines, once.lines, "asked for twice, here once");
  assert.equal(receive(twice, { type: "older", events: [], older: false }).older, false);
  assert.equal(receive(START, { type: "event", ...said(1) }).older, false, "the first event has none before it");
});

test("led on into another conversation: what was here is forgotten, and the next position is of the other one", () => {
  const state = fold("visitor_is_led_on");
  assert.deepEqual(kinds(state), ["joined", "notice"]);
  assert.equal(state.last, 2);
  assert.equal(state.agent, "Marta");
  assert.equal(state.gap, false);
  const welcomes = received("visitor_is_led_on").flatMap((frame) => (frame.type === "welcome" ? [frame] : []));
  assert.equal(welcomes[1]?.token, welcomes[0]?.token, "its own way back");
});
