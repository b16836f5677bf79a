import assert from "node:assert/strict";
import { test } from "node:test";
import { type Key, shortcutOf } from "../../src/console/model/keys";

const key = (name: string, more: Partial<Key> & { altGraph?: boolean } = {}): Key => ({
  key: name, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, repeat: false,
  getModifierState: (modifier) => modifier === "AltGraph" && more.altGraph === true, ...more,
});

test("single letters are shortcuts outside text fields", () => {
  const found = ["j", "k", "a", "r", "n", "e", "b", "?", "A", "x", "Enter"].map((name) => shortcutOf(key(name), false, true));
  assert.deepEqual(found, ["J", "K", "A", "R", "N", "E", "B", "?", "A", "X", undefined]);
});

test("inside a text field nothing is a shortcut but Ctrl K", () => {
  for (const name of ["ñ", "á", "é", "@", "a", "e", "n", "?", "J"]) assert.equal(shortcutOf(key(name), true, true), undefined);
  assert.equal(shortcutOf(key("k", { ctrlKey: true }), true, true), "Ctrl K");
  assert.equal(shortcutOf(key("k", { metaKey: true }), true, true), "Ctrl K");
});

test("Alt, AltGr and a composed character are never shortcuts", () => {
  for (const more of [{ altKey: true }, { altGraph: true }, { isComposing: true }, { altKey: true, ctrlKey: true }]) {
    for (const name of ["a", "n", "e", "k", "@"]) assert.equal(shortcutOf(key(name, more), false, true), undefined);
  }
});

test("letters can be switched off, Ctrl K stays", () => {
  assert.equal(shortcutOf(key("a"), false, false), undefined);
  assert.equal(shortcutOf(key("k", { ctrlKey: true }), false, false), "Ctrl K");
});

test("a key that is held walks the list and does nothing else", () => {
  assert.equal(shortcutOf(key("j", { repeat: true }), false, true), "J");
  assert.equal(shortcutOf(key("a", { repeat: true }), false, true), undefined);
});

test("other browser shortcuts are left alone", () => {
  for (const name of ["a", "n", "e", "r", "b"]) assert.equal(shortcutOf(key(name, { ctrlKey: true }), false, true), undefined);
});
