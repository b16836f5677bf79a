import assert from "node:assert/strict";
import { test } from "node:test";
import { pressure, waited } from "../../src/console/model/time";
import { consoleLang, languageName } from "../../src/console/words";
import { en } from "../../src/console/words/en";
import { es } from "../../src/console/words/es";

type Tree = { [key: string]: unknown };

/** Paths of all texts; a text with arguments counts as one. */
const paths = (tree: Tree, at = ""): string[] => Object.entries(tree).flatMap(([key, value]) =>
  typeof value === "object" && value !== null ? paths(value as Tree, `${at}${key}.`) : [`${at}${key}`]);

const texts = (tree: Tree): string[] => Object.values(tree).flatMap((value) =>
  typeof value === "string" ? [value]
  : typeof value === "function" ? [String((value as (...args: unknown[]) => unknown)("xx", "yy"))]
  : texts(value as Tree));

test("both languages have the same texts", () => {
  assert.deepEqual(paths(en).sort(), paths(es).sort());
});

test("no text is missing or half filled in", () => {
  for (const text of [...texts(es), ...texts(en)]) assert.doesNotMatch(text, /undefined|\[object|\bNaN\b/);
});

test("Spanish opens what it closes, suits tú, vos and usted, and keeps English words out", () => {
  for (const text of texts(es)) {
    assert.equal(text.split("¿").length, text.split("?").length, text);
    assert.equal(text.split("¡").length, text.split("!").length, text);
    assert.doesNotMatch(text, /\b(tú|vos|usted|puedes|podés|puede usted|tienes|tenés|haz|hacé|tu|tus|su cuenta)\b/i, text);
    assert.doesNotMatch(text, /\b(chat|login|password|click|online|offline|queue|close|error:)\b/i, text);
  }
});

test("a wait is told as people read it", () => {
  const at = (seconds: number): string => waited(0, seconds * 1000);
  assert.deepEqual([at(0), at(48), at(130), at(3_900), at(90_000)], ["0:00", "0:48", "2:10", "1 h 05", "1 d"]);
  assert.equal(waited(5_000, 0), "0:00", "a clock that is behind");
  assert.deepEqual([0, 119_000, 120_000, 600_000].map((ms) => pressure(0, ms)), ["fresh", "fresh", "long", "very_long"]);
});

test("an unknown language falls back", () => {
  assert.deepEqual(["es-AR", "en-GB", "pt", undefined].map(consoleLang), ["es", "en", "es", "es"]);
  assert.equal(languageName("en", "es"), "inglés");
  assert.equal(languageName("?", "es"), "?");
});
