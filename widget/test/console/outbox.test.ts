import assert from "node:assert/strict";
import { test } from "node:test";
import { type Keep, draft, forgetAll, keepDraft, keepOutbox, keptOutbox } from "../../src/console/model/drafts";
import * as outbox from "../../src/console/model/outbox";
import { lost } from "../../src/console/model/receive";
import { type ActFrame, start } from "../../src/console/model/state";
import { Console } from "./play";

const live = (): Console => {
  const console = new Console();
  console.state = { ...start, link: "live", watched: ["c", "d"] };
  return console;
};
const reply = (id: string, conversation = "c"): ActFrame => ({ type: "reply", id, conversation, text: `text ${id}` });
const ids = (console: Console): string[] => console.sent.map((frame) => ("id" in frame ? frame.id : ""));

test("in a conversation one act is under way at a time, conversations do not wait for each other", () => {
  const console = live().act(reply("1")).act(reply("2")).act(reply("3", "d"));
  assert.deepEqual(ids(console), ["1", "3"]);
  console.hear({ type: "ack", id: "1", seq: 5 });
  assert.deepEqual(ids(console), ["1", "3", "2"]);
});

test("a refusal for now keeps its place before what was written later", () => {
  const console = live().act(reply("1")).act(reply("2"));
  console.hear({ type: "error", id: "1", code: "slow_down", retry: true });
  assert.deepEqual(console.notices, [{ kind: "send_again", id: "1" }]);
  console.take(outbox.flush(console.state));
  assert.deepEqual(ids(console), ["1", "1"]);
});

test("an acked line stays on the screen until its event is there", () => {
  const console = live().act(reply("1")).hear({ type: "ack", id: "1", seq: 5 });
  assert.deepEqual(outbox.pending(console.state, "c").map(({ step }) => step), ["stored"]);
  console.state = outbox.arrived(console.state, "c", [{ seq: 5, at: 0, event: { kind: "agent", id: "1", agent: "me", name: "", text: "" } }]);
  assert.deepEqual(console.state.outbox, []);
});

test("an acked line of a conversation that is not watched is done", () => {
  assert.deepEqual(live().act(reply("1", "x")).hear({ type: "ack", id: "1", seq: 5 }).state.outbox, []);
});

test("a refused line is kept with its reason, tried again under a new id, or given up", () => {
  const console = live().act(reply("1")).act(reply("2")).hear({ type: "error", id: "1", code: "not_owner", retry: false });
  assert.deepEqual(outbox.pending(console.state, "c").map(({ step, code }) => [step, code]), [["failed", "not_owner"], ["sent", undefined]]);
  assert.deepEqual(console.notices.map(({ kind }) => kind), ["refused"]);
  console.hear({ type: "ack", id: "2", seq: 9 }).take(outbox.retry(console.state, "1", "1b"));
  assert.deepEqual(ids(console), ["1", "2", "1b"]);
  assert.deepEqual(outbox.drop(console.state, "1b").outbox.map(({ id }) => id), ["2"]);
});

test("a close that was carried out before the break is not refused to the agent's face", () => {
  const close: ActFrame = { type: "close", id: "k", conversation: "c", outcome: "referred", seen: 4 };
  const console = live().act(close);
  console.state = { ...lost(console.state), link: "live" };
  console.take(outbox.flush(console.state)).hear({ type: "error", id: "k", code: "closed", retry: false });
  assert.deepEqual(ids(console), ["k", "k"]);
  assert.deepEqual(console.notices, []);
  assert.deepEqual(console.state.outbox, []);
});

test("an ack of something unknown changes nothing", () => {
  const console = live().act(reply("1"));
  const before = console.state.outbox;
  assert.equal(console.hear({ type: "ack", id: "?", seq: 1 }).state.outbox, before);
});

function memory(): Keep {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    key: (index) => [...kept.keys()][index] ?? null,
    get length() { return kept.size; },
  };
}

test("drafts and unsent lines outlive the page, each agent's their own, and end with signing out", () => {
  const keep = memory();
  keep.setItem("shop", "stays");
  keepDraft(keep, "c", "reply", "¿qué tal?");
  keepDraft(keep, "c", "note", "ojo");
  const console = live().act(reply("1")).act({ type: "claim", id: "2", conversation: "d", seen: 1 });
  keepOutbox(keep, "marta", console.state.outbox);
  assert.equal(draft(keep, "c", "reply"), "¿qué tal?");
  assert.equal(draft(keep, "d", "reply"), "");
  assert.deepEqual(keptOutbox(keep, "marta").map(({ id, step }) => [id, step]), [["1", "waiting"]], "a claim of before is decided again");
  assert.deepEqual(keptOutbox(keep, "ana"), []);
  keepDraft(keep, "c", "note", "");
  assert.equal(keep.length, 3);
  forgetAll(keep);
  assert.deepEqual([keep.length, keep.getItem("shop")], [1, "stays"]);
});

test("storage that is forbidden or damaged stops nothing", () => {
  const forbidden: Keep = {
    getItem: () => { throw new Error("forbidden"); }, setItem: () => { throw new Error("full"); }, removeItem: () => undefined, key: () => null, length: 0,
  };
  keepDraft(forbidden, "c", "reply", "hola");
  assert.equal(draft(forbidden, "c", "reply"), "");
  const keep = memory();
  keep.setItem("ventanilla.console.outbox.marta", "{");
  assert.deepEqual(keptOutbox(keep, "marta"), []);
});
