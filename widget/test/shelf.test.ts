import assert from "node:assert/strict";
import { test } from "node:test";
import { shelf } from "../src/client/shelf.ts";
import { memory } from "./world.ts";

test("what is written can be read, under the site's prefix alone", () => {
  const store = memory();
  store["other"] = "x";
  const mine = shelf("v:", () => store);
  mine.write("a", 1);
  mine.write("b", { c: 2 });
  assert.equal(store["v:a"], "1");
  assert.deepEqual(mine.read("b"), { c: 2 });
  assert.deepEqual(mine.keys(""), ["a", "b"]);
  assert.equal(mine.kept, true);
  mine.clear();
  assert.deepEqual(mine.keys(""), []);
  assert.equal(store["other"], "x");
});

test("a browser that refuses: it is kept in memory, and says so", () => {
  const blocked = shelf("v:", () => {
    throw new Error("SecurityError");
  });
  assert.equal(blocked.kept, false);
  blocked.write("a", 1);
  assert.equal(blocked.read("a"), 1);
  assert.deepEqual(blocked.keys("a"), ["a"]);
  blocked.write("a", undefined);
  assert.equal(blocked.read("a"), undefined);
  assert.deepEqual(blocked.keys(""), []);
});

test("a full storage: the newest value wins over the one that stands there", () => {
  let full = false;
  const store = new Proxy(memory(), {
    set(store, key: string, value: string) {
      if (full) throw new Error("QuotaExceededError");
      store[key] = value;
      return true;
    },
  });
  const mine = shelf("v:", () => store);
  mine.write("a", "old");
  mine.write("b", "kept");
  full = true;
  mine.write("a", "new");
  assert.equal(mine.read("a"), "new");
  assert.equal(mine.read("b"), "kept", "what was written before can still be read");
  assert.equal(mine.kept, false);
});

test("what is not JSON reads as nothing", () => {
  const store = memory();
  store["v:a"] = "{";
  assert.equal(shelf("v:", () => store).read("a"), undefined);
});
