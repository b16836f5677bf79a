import assert from "node:assert/strict";
import { test } from "node:test";
import { type Key, keyName, shortcutOf } from "../../src/console/model/keys";

const key = (name: string, more: Partial<Key> & { altGraph?: boolean } = {}): Key => ({
  key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, repeat: false,
  getModifierState: (modifier) => modifier === "AltGraph" && more.altGraph === true, ...more,
});

test("single letters are shortcuts outside text fields", () => {
  const found = ["j", "k", "a", "r", "n", "e", "b", "?", "A", "x", "Enter"].map((name) => shortcutOf(key(name), "page", true));
  assert.deepEqual(found, ["J", "K", "A", "R", "N", "E", "B", "?", "A", "X", "Enter"]);
});

test("inside a text field nothing is a shortcut but Ctrl K", () => {
  for (const name of ["ñ", "á", "é", "@", "a", "e", "n", "?", "J"]) assert.equal(shortcutOf(key(name), "field", true), undefined);
  assert.equal(shortcutOf(key("k", { ctrlKey: true }), "field", true), "Ctrl K");
  assert.equal(shortcutOf(key("k", { metaKey: true }), "field", true), "Ctrl K");
});

test("Alt, AltGr and a composed character are never shortcuts", () => {
  for (const more of [{ altKey: true }, { altGraph: true }, { isComposing: true }, { altKey: true, ctrlKey: true }]) {
    for (const name of ["a", "n", "e", "k", "@"]) assert.equal(shortcutOf(key(name, more), "page", true), undefined);
  }
});

test("letters can be switched off, Ctrl K stays", () => {
  assert.equal(shortcutOf(key("a"), "page", false), undefined);
  assert.equal(shortcutOf(key("k", { ctrlKey: true }), "page", false), "Ctrl K");
});

test("a key that is held walks the list and does nothing else", () => {
  assert.equal(shortcutOf(key("j", { repeat: true }), "page", true), "J");
  assert.equal(shortcutOf(key("a", { repeat: true }), "page", true), undefined);
});

test("other browser shortcuts are left alone", () => {
  for (const name of ["a", "n", "e", "r", "b"]) assert.equal(shortcutOf(key(name, { ctrlKey: true }), "page", true), undefined);
});

test("Enter works the control that has the focus, and accepts an offer where none has", () => {
  assert.equal(shortcutOf(key("Enter"), "page", true), "Enter");
  for (const [target, letters] of [["control", true], ["field", true], ["page", false]] as const) assert.equal(shortcutOf(key("Enter"), target, letters), undefined);
  assert.equal(shortcutOf(key("a"), "control", true), "A");
});

test("a promise is kept from inside the text field", () => {
  assert.equal(shortcutOf(key("P", { ctrlKey: true, shiftKey: true }), "field", true), "Ctrl Shift P");
  assert.equal(shortcutOf(key("P", { metaKey: true, shiftKey: true }), "field", false), "Ctrl Shift P");
  assert.equal(shortcutOf(key("p", { ctrlKey: true }), "field", true), undefined);
  assert.equal(shortcutOf(key("K", { ctrlKey: true, shiftKey: true }), "field", true), undefined);
  assert.deepEqual(["Ctrl Shift P", "J"].map((keys) => keyName(keys, true)), ["⌘ ⇧ P", "J"]);
});
