import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff } from "../src/client/backoff.ts";
import { client } from "../src/client/client.ts";
import { Browser, FakeWorld, settled } from "./world.ts";

const say = (text: string) => ({ type: "say", text }) as const;
const texts = (acts: { type: string }[]) => acts.map((act) => ("text" in act ? act.text : act.type));

test("says hello without a position first, and with token, epoch and position after a break", async () => {
  const world = new FakeWorld();
  const tab = client(world);
  tab.connect();
  await world.welcome();
  assert.deepEqual(world.line.sent[0], { type: "hello", lang: "es", page: "/" });
  world.line.get({ type: "event", seq: 1, at: 1, event: { kind: "reopened" } });
  world.line.hangUp(1006);
  assert.equal(tab.state.connection, "waiting");
  await world.pass(30_000);
  world.line.onopen?.();
  assert.deepEqual(world.line.sent[0], { type: "hello", lang: "es", page: "/", token: "t", epoch: "e", after: 1 });
});

test("a reload resumes with the token and asks for the page", async () => {
  const browser = new Browser();
  const first = new FakeWorld(browser);
  client(first).connect();
  await first.welcome();
  const second = new FakeWorld(browser);
  const tab = client(second);
  assert.equal(tab.known, true);
  tab.connect();
  second.line.onopen?.();
  assert.deepEqual(second.line.sent[0], { type: "hello", lang: "es", page: "/", token: "t", epoch: "e" });
});

test("acts go out one after the other, in order, and are gone when acked", async () => {
  const world = new FakeWorld();
  const tab = client(world);
  tab.act(say("uno"), "uno");
  tab.act(say("dos"), "dos");
  await world.welcome();
  assert.deepEqual(texts(world.line.acts), ["uno"]);
  const [uno] = world.line.acts;
  assert.ok(uno && "id" in uno);
  world.line.get({ type: "ack", id: uno.id, seq: 2 });
  await settled();
  assert.deepEqual(texts(world.line.acts), ["uno", "dos"]);
  assert.deepEqual(world.shelf.keys("out:").length, 1);
});

test("what was not acked goes out again after a break and after a reload, under the same id", async () => {
  const browser = new Browser();
  const world = new FakeWorld(browser);
  const tab = client(world);
  tab.act(say("hola"), "hola");
  await world.welcome();
  const first = world.line.acts[0];
  world.line.hangUp(4000);
  await world.pass(30_000);
  await world.welcome({ recovered: true });
  assert.deepEqual(world.line.acts, [first]);
  tab.pause();
  await settled();

  const reloaded = new FakeWorld(browser);
  client(reloaded).connect();
  await reloaded.welcome();
  assert.deepEqual(reloaded.line.acts, [first]);
});

test("of two tabs one sends what both have", async () => {
  const browser = new Browser();
  const [a, b] = [new FakeWorld(browser), new FakeWorld(browser)];
  const [tabA, tabB] = [client(a), client(b)];
  tabA.connect();
  await a.welcome();
  tabB.connect();
  await b.welcome();
  tabA.act(say("uno"), "uno");
  // No hand is in two tabs within a millisecond, which is what the order is kept by.
  await a.pass(1);
  tabB.act(say("dos"), "dos");
  await settled();
  assert.equal(tabB.state.pending.length, 2, "the other tab shows it too");
  assert.deepEqual([texts(a.line.acts), texts(b.line.acts)], [["uno"], []]);
  for (let i = 0; i < 2; i++) {
    for (const { line } of [a, b]) {
      const act = line.acts.at(-1);
      if (act && "id" in act) line.get({ type: "ack", id: act.id, seq: i + 1 });
      await settled();
    }
  }
  assert.deepEqual([...texts(a.line.acts), ...texts(b.line.acts)], ["uno", "dos"]);
  assert.deepEqual(a.shelf.keys("out:"), []);
});

test("two tabs that open at once are one visitor", async () => {
  const browser = new Browser();
  const [a, b] = [new FakeWorld(browser), new FakeWorld(browser)];
  client(a).connect();
  client(b).connect();
  await settled();
  assert.equal(b.sockets.length, 0, "the second waits for the token of the first");
  await a.welcome({ token: "one" });
  b.line.onopen?.();
  assert.equal((b.line.sent[0] as { token?: string }).token, "one");
});

test("a hole makes it come back with its position", async () => {
  const world = new FakeWorld();
  const tab = client(world);
  tab.connect();
  await world.welcome({ recovered: true });
  world.line.get({ type: "event", seq: 1, at: 1, event: { kind: "reopened" } });
  world.line.get({ type: "event", seq: 3, at: 1, event: { kind: "reopened" } });
  assert.equal(world.sockets[0]?.closed, true);
  await world.pass(30_000);
  world.line.onopen?.();
  assert.equal((world.line.sent[0] as { after?: number }).after, 1);
});

test("close codes: come back, renew the token, stop", async () => {
  const world = new FakeWorld();
  const tab = client(world);
  tab.connect();
  await world.welcome();
  for (const code of [4000, 4001, 4002, 4003, 1006]) {
    world.line.hangUp(code);
    assert.equal(tab.state.connection, "waiting", String(code));
    await world.pass(60_000);
    await world.welcome();
  }
  world.line.hangUp(4101);
  await world.pass(60_000);
  await settled();
  world.line.onopen?.();
  assert.deepEqual(world.line.sent[0], { type: "hello", lang: "es", page: "/" }, "the token that is not valid was dropped");
  world.line.hangUp(4101);
  assert.equal(tab.state.connection, "refused", "without a token there is nothing to change");
  const tries = world.sockets.length;
  await world.pass(600_000);
  assert.equal(world.sockets.length, tries);
});

test("protocol errors stop it, a frame that is too large is given up", async () => {
  const world = new FakeWorld();
  const tab = client(world);
  tab.act(say("largo"), "largo");
  await world.welcome();
  world.line.hangUp(4102);
  assert.equal(tab.state.connection, "waiting");
  assert.equal(tab.state.pending[0]?.failed, "too_long");
  await world.pass(60_000);
  await world.welcome();
  assert.deepEqual(world.line.acts, []);
  world.line.hangUp(4100);
  assert.equal(tab.state.connection, "refused");
});

test("a refusal that may pass is tried again, then shown; one that does not is shown at once", async () => {
  const world = new FakeWorld();
  const tab = client(world);
  tab.act(say("hola"), "hola");
  await world.welcome();
  for (let tries = 1; tries <= 6; tries++) {
    assert.equal(world.line.acts.length, tries);
    const act = world.line.acts.at(-1);
    assert.ok(act && "id" in act);
    world.line.get({ type: "error", id: act.id, code: "unavailable", retry: true });
    await world.pass(30_000);
  }
  assert.equal(world.line.acts.length, 6);
  assert.equal(tab.state.pending[0]?.failed, "unavailable");
  assert.equal(world.refused.length, 1);

  const [failed] = tab.state.pending;
  assert.ok(failed);
  tab.retry(failed);
  await settled();
  const again = world.line.acts.at(-1);
  assert.ok(again && "id" in again);
  assert.notEqual(again.id, failed.act.id, "a new act");
  world.line.get({ type: "error", id: again.id, code: "too_long", retry: false });
  assert.equal(tab.state.pending[0]?.failed, "too_long");
  assert.ok(tab.state.pending[0]);
  tab.discard(tab.state.pending[0]);
  assert.deepEqual(tab.state.pending, []);
});

test("a tap that came too late is told of and not kept", async () => {
  const world = new FakeWorld();
  const tab = client(world);
  tab.act({ type: "choose", of: 3, option: 0 }, "Sí");
  await world.welcome();
  const [act] = world.line.acts;
  assert.ok(act && "id" in act);
  world.line.get({ type: "error", id: act.id, code: "no_such_choice", retry: false });
  assert.deepEqual(tab.state.pending, []);
  assert.equal(world.refused[0]?.failed, "no_such_choice");
});

test("no ack and no welcome in time: the line is dead", async () => {
  const world = new FakeWorld();
  const tab = client(world);
  tab.connect();
  await world.pass(10_000);
  assert.equal(tab.state.connection, "waiting");
  await world.pass(30_000);
  await world.welcome();
  tab.act(say("hola"), "hola");
  await settled();
  await world.pass(10_000);
  assert.equal(tab.state.connection, "waiting");
});

test("a page that is put away lets go, and comes back at once", async () => {
  const world = new FakeWorld();
  const tab = client(world);
  tab.connect();
  await world.welcome();
  tab.pause();
  assert.equal(world.line.closed, true);
  const before = world.sockets.length;
  await world.pass(600_000);
  assert.equal(world.sockets.length, before);
  tab.wake(true);
  assert.equal(world.sockets.length, before + 1);
});

test("forgetting leaves nothing on the device", async () => {
  const world = new FakeWorld();
  const tab = client(world);
  tab.act(say("hola"), "hola");
  await world.welcome();
  tab.leave(true);
  assert.deepEqual(world.shelf.keys(""), []);
  assert.equal(tab.known, false);
});

test("back-off grows, has jitter and an end", () => {
  assert.deepEqual([0, 1, 2, 20].map((tries) => backoff(tries, 0)), [250, 500, 1000, 15_000]);
  assert.ok(backoff(3, 0.99) > backoff(3, 0.01));
  assert.ok(backoff(1e6, 1) <= 30_000);
});
