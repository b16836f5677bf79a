import assert from "node:assert/strict";
import { test } from "node:test";
import { type Key, commandOf } from "../../src/console/model/keys";

const key = (name: string, more: Partial<Key> & { altGraph?: boolean } = {}): Key => ({
  key: name, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, repeat: false,
  getModifierState: (modifier) => modifier === "AltGraph" && more.altGraph === true, ...more,
});

test("single letters are commands outside text fields", () => {
  const found = ["j", "k", "a", "r", "n", "e", "b", "?", "A", "x", "Enter"].map((name) => commandOf(key(name), false, true));
  assert.deepEqual(found, ["down", "up", "claim", "reply", "note", "close", "return", "help", "claim", undefined, undefined]);
});

test("inside a text field nothing is a command but the palette", () => {
  for (const name of ["ñ", "á", "é", "@", "a", "e", "n", "?", "J"]) assert.equal(commandOf(key(name), true, true), undefined);
  assert.equal(commandOf(key("k", { ctrlKey: true }), true, true), "palette");
  assert.equal(commandOf(key("k", { metaKey: true }), true, true), "palette");
});

test("Alt, AltGr and a composed character are never commands", () => {
  for (const more of [{ altKey: true }, { altGraph: true }, { isComposing: true }, { altKey: true, ctrlKey: true }]) {
    for (const name of ["a", "n", "e", "k", "@"]) assert.equal(commandOf(key(name, more), false, true), undefined);
  }
});

test("letters can be switched off, the palette stays", () => {
  assert.equal(commandOf(key("a"), false, false), undefined);
  assert.equal(commandOf(key("k", { ctrlKey: true }), false, false), "palette");
});

test("a key that is held walks the list and does nothing else", () => {
  assert.equal(commandOf(key("j", { repeat: true }), false, true), "down");
  assert.equal(commandOf(key("a", { repeat: true }), false, true), undefined);
});

test("other browser shortcuts are left alone", () => {
  for (const name of ["a", "n", "e", "r", "b"]) assert.equal(commandOf(key(name, { ctrlKey: true }), false, true), undefined);
});
