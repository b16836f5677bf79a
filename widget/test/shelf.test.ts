import assert from "node:assert/strict";
import { test } from "node:test";
import { shelf } from "../src/client/shelf.ts";
import { memory } from "./world.ts";

test("what is put can be got, under the site's prefix alone", () => {
  const store = memory();
  store.setItem("other", "x");
  const mine = shelf("v:", () => store);
  mine.put("a", "1");
  mine.write("b", { c: 2 });
  assert.equal(store.getItem("v:a"), "1");
  assert.deepEqual(mine.read("b"), { c: 2 });
  assert.deepEqual(mine.keys(""), ["a", "b"]);
  assert.equal(mine.kept, true);
  mine.clear();
  assert.deepEqual(mine.keys(""), []);
  assert.equal(store.getItem("other"), "x");
});

test("a browser that refuses: it is kept in memory, and says so", () => {
  const blocked = shelf("v:", () => {
    throw new Error("SecurityError");
  });
  assert.equal(blocked.kept, false);
  blocked.put("a", "1");
  assert.equal(blocked.get("a"), "1");
  assert.deepEqual(blocked.keys("a"), ["a"]);
  blocked.remove("a");
  assert.equal(blocked.get("a"), null);
});

test("a full storage: the newest value wins over the one that stands there", () => {
  const store = memory();
  const mine = shelf("v:", () => store);
  mine.put("a", "old");
  store.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  mine.put("a", "new");
  assert.equal(mine.get("a"), "new");
  assert.equal(mine.kept, false);
});

test("what is not JSON reads as nothing", () => {
  const mine = shelf("v:", memory);
  mine.put("a", "{");
  assert.equal(mine.read("a"), undefined);
});
