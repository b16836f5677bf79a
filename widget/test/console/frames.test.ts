import assert from "node:assert/strict";
import { test } from "node:test";
import * as outbox from "../../src/console/model/outbox";
import { attend, lost, open } from "../../src/console/model/receive";
import { isMine, placeOf } from "../../src/console/model/state";
import { Console, golden } from "./play";

const ONE = "0192f0c1-2d4e-7a10-8a00-0000000000c1";
const TWO = "0192f0c1-2d4e-7a10-8a00-0000000000c2";

const seqs = (console: Console, conversation: string): number[] => console.state.threads[conversation]?.events.map(({ seq }) => seq) ?? [];
const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);

test("an agent takes a visitor, answers, notes and closes", () => {
  const frames = golden("agent_takes_and_closes");
  const console = new Console();
  console.state = attend(console.state, true);
  console.take(open(console.state, ONE));
  const taken = frames.findIndex(({ frame }) => frame.type === "reply");
  console.play(frames.slice(0, taken));
  assert.ok(isMine(console.state, ONE));
  console.play(frames.slice(taken));
  assert.deepEqual(seqs(console, ONE), upTo(11));
  assert.deepEqual(console.state.outbox, []);
  assert.equal(placeOf(console.state, ONE).state, "closed");
  assert.equal(console.state.threads[ONE]?.seen, 11, "what is on the screen has been seen");
  assert.deepEqual(console.sent, []);
});

test("after a break nothing is lost, nothing is doubled, and the order stays", () => {
  const frames = golden("agent_resumes");
  const back = frames.findLastIndex(({ frame }) => frame.type === "welcome");
  const console = new Console().play(frames.slice(0, back));
  console.state = lost(console.state);
  console.act({ type: "reply", id: "b-2", conversation: ONE, text: "Segunda, sin red." });
  assert.deepEqual(console.sent, [], "nothing goes out while there is no connection");
  assert.deepEqual(outbox.pending(console.state, ONE).map(({ id }) => id), ["b-1", "b-2"]);
  console.play(frames.slice(back));
  assert.deepEqual(seqs(console, ONE), upTo(8));
  assert.deepEqual(outbox.pending(console.state, ONE), []);
  assert.deepEqual(console.state.outbox, []);
  assert.deepEqual(console.sent, []);
});

test("a colleague was faster; a refusal for now is tried again; a status is set when the server says so", () => {
  const frames = golden("agent_collides");
  const console = new Console();
  console.take(open(console.state, TWO));
  const again = frames.findLastIndex(({ frame }) => frame.type === "claim");
  console.play(frames.slice(0, again));
  assert.deepEqual(console.notices.map(({ kind }) => kind), ["refused", "taken", "send_again"]);
  assert.deepEqual(console.notices[1], { kind: "taken", conversation: ONE, name: "Ana Ruiz" });
  console.take(outbox.flush(console.state));
  const away = frames.findIndex(({ frame }) => frame.type === "unwatch");
  console.play(frames.slice(again, away));
  assert.equal(console.state.status, "away");
  console.take(open(console.state, undefined));
  console.play(frames.slice(away));
  assert.deepEqual(console.state.outbox, []);
});

test("a message that was left is answered later in its own thread", () => {
  const console = new Console();
  console.take(open(console.state, TWO));
  console.play(golden("agent_answers_later"));
  assert.deepEqual(seqs(console, TWO), upTo(18));
  assert.deepEqual(outbox.pending(console.state, TWO), []);
});

test("another conversation of the same person is merged on a fresh picture, and parted again", () => {
  const console = new Console();
  const [welcome, ...frames] = golden("agent_merges");
  console.play([welcome!]);
  console.take(open(console.state, ONE));
  const refused = frames.findIndex(({ frame }) => frame.type === "error");
  console.play(frames.slice(0, refused + 1));
  assert.deepEqual(console.notices.map(({ kind }) => kind), ["refused"]);
  const apart = frames.findIndex(({ frame }) => frame.type === "unmerge");
  console.play(frames.slice(refused + 1, apart));
  const { related, promises } = console.state.threads[ONE]!.card;
  assert.deepEqual(related?.map(({ conversation, merged }) => [conversation, merged]), [[TWO, "here"]]);
  assert.equal(promises.length, 1, "what is owed there is owed here");
  console.play(frames.slice(apart));
  assert.deepEqual(seqs(console, ONE), upTo(4));
  assert.deepEqual(console.state.outbox, []);
});
