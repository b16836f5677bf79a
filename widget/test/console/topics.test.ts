// What the fields of the topic editor do to its form.

import assert from "node:assert/strict";
import { test } from "node:test";
import { addChoice, aimOf, asOne, asStyles, linesOf, nameFrom, setExamples, setTest, setText, setTitle, setWords, withAim, without } from "../../src/console/pages/topics/change";
import { topicWords } from "../../src/console/pages/topics/words";
import type { TopicForm } from "../../src/console/pages/topics/wire";

const form: TopicForm = {
  topic: "gift_wrap", title: { es: "Regalo" }, stage: null, examples: { es: ["¿lo envuelven?"] }, patterns: [],
  texts: [{ at: "steps/0/say", kind: "say", trail: [], words: { es: "Sí.", en: { fast: "Yes.", warm: "Yes, of course." } }, choices: [] }],
  owner: null, review_by: null, note: null, slots: [], tests: [{ say: "envuelto", lang: "es", expect: "gift_wrap", slots: { code: "12" } }],
};

test("a field changes its own part and nothing else", () => {
  const titled = setTitle(form, "en", "Gift wrap");
  assert.deepEqual(titled, { ...form, title: { es: "Regalo", en: "Gift wrap" } });
  assert.deepEqual(setExamples(form, "es", "uno\ndos\n").examples, { es: ["uno", "dos", ""] });
  assert.deepEqual(linesOf(""), []);
  const said = setText(form, "steps/0/say", { words: setWords(form.texts[0]?.words ?? {}, "en", undefined) });
  assert.deepEqual(said.texts[0]?.words, { es: "Sí." });
  assert.deepEqual(setText(form, "steps/9/say", { words: {} }), form);
  assert.equal(setTest(form, 0, { say: "x", lang: "es", not: "a" }).tests[0]?.not, "a");
  assert.equal(form.title.en, undefined, "the form before it stays as it was");
});

test("a button stands once, and goes", () => {
  const once = addChoice([{ go: "a" }], "b");
  assert.deepEqual(addChoice(once, "b"), once);
  assert.deepEqual(without(once, 0), [{ go: "b" }]);
});

test("a test wants one thing", () => {
  const [known] = form.tests;
  assert.ok(known);
  assert.equal(aimOf(known), "expect");
  const not = withAim(known, "not", "other");
  assert.deepEqual(not, { say: "envuelto", lang: "es", not: "other", slots: { code: "12" } });
  assert.equal(aimOf(not), "not");
  const outside = withAim(not, "outside", "other");
  assert.deepEqual([outside.expect, outside.not, aimOf(outside)], ["none", undefined, "outside"]);
});

test("one text becomes two styles and one again", () => {
  assert.deepEqual(asStyles("Sí."), { fast: "Sí.", warm: "Sí." });
  assert.equal(asOne({ fast: "Sí.", warm: "Claro que sí." }), "Claro que sí.");
});

test("a name is made of a title", () => {
  for (const [title, name] of [["Envolver para regalo", "envolver_para_regalo"], ["¿Dónde está?", "donde_esta"], ["24 horas", "horas"], ["¡!", ""]]) {
    assert.equal(nameFrom(title ?? ""), name);
  }
});

test("both languages have every word", () => {
  const shape = (words: object): string[] => Object.entries(words).flatMap(([key, value]) => (typeof value === "object" ? shape(value as object).map((inner) => `${key}.${inner}`) : [`${key}:${typeof value}`]));
  assert.deepEqual(shape(topicWords("en")), shape(topicWords("es")));
});
