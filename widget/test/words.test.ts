import assert from "node:assert/strict";
import { test } from "node:test";
import { fill } from "../src/i18n/fill.ts";
import { inForce, tidy } from "../src/i18n/locale.ts";
import { en } from "../src/i18n/visitor/en.ts";
import { esAR } from "../src/i18n/visitor/es-AR.ts";
import { esUsted } from "../src/i18n/visitor/es-usted.ts";
import { es } from "../src/i18n/visitor/es.ts";
import { texts as english } from "../src/i18n/visitor/english.ts";
import { texts as spanish } from "../src/i18n/visitor/spanish.ts";

const all = (words: object) => JSON.stringify(words);

test("every key stands in both languages, with the same placeholders", () => {
  const names = (text: string) => text.split("|").map((form) => (form.match(/\{\w+\}/g) ?? []).sort());
  const flat = ({ events, ...words }: typeof es): { [key: string]: string } => ({ ...words, ...events });
  const [spoken, written] = [flat(es), flat(en)];
  assert.deepEqual(Object.keys(written), Object.keys(spoken));
  for (const [key, text] of Object.entries(spoken)) assert.deepEqual(names(written[key] ?? ""), names(text), key);
});

test("registers override what exists, and differ from it", () => {
  for (const register of [esAR, esUsted]) {
    const { events = {}, ...words } = register;
    const base: { [key: string]: unknown } = { ...es, ...es.events };
    for (const [key, text] of Object.entries({ ...words, ...events })) {
      assert.ok(key in base, key);
      assert.notEqual(text, base[key], key);
    }
  }
});

test("no register leaks into another", () => {
  const tu = /\b(puedes|quieres|tienes|escribes|eres|necesitas)\b/i;
  const vos = /\b(podés|querés|tenés|escribís|sos|necesitás|acá|vos)\b/i;
  const usted = /\busted\b/i;
  assert.doesNotMatch(all(es), tu);
  assert.doesNotMatch(all(es), vos);
  assert.doesNotMatch(all(es), usted);
  assert.doesNotMatch(all(esAR), tu);
  assert.doesNotMatch(all(spanish("es-usted")), /\b(tu|tus|te|ti|tú|contigo)\b/i);
});

test("numbers and registers", () => {
  const t = spanish("es-AR");
  assert.equal(fill(t.new_below, { n: 1 }), "1 mensaje nuevo");
  assert.equal(fill(t.new_below, { n: 3 }), "3 mensajes nuevos");
  assert.equal(fill(t.place, { p: 1 }), "Puesto 1 en la fila.");
  assert.equal(t.you, "Vos");
  assert.equal(spanish("es-usted").compose, "Su mensaje…");
  assert.equal(spanish("es-MX").you, "Tú");
  assert.equal(english("en-GB").you, "You");
  assert.deepEqual(Object.keys(spanish("es-usted").events), Object.keys(es.events));
});

test("the conversation's language goes before the page's, the page's variant before the bare language", () => {
  assert.equal(inForce("es-AR", null), "es-AR");
  assert.equal(inForce("es-AR", "es"), "es-AR");
  assert.equal(inForce("es-AR", "en"), "en");
});

test("whatever stands in a page becomes a tag that the server takes", () => {
  const tags = { "ES_ar": "es-AR", "es-usted": "es-usted", "es-ES-u-nu-latn": "es-ES", "no tag at all": "en", "": "en" };
  for (const [tag, tidied] of Object.entries(tags)) assert.equal(tidy(tag), tidied, tag);
});
