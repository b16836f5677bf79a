import assert from "node:assert/strict";
import { test } from "node:test";
import { fill } from "../src/i18n/fill.ts";
import { inForce, tidy } from "../src/i18n/locale.ts";
import { en } from "../src/i18n/visitor/en.ts";
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

test("the Spanish texts read the same for tú, vos and usted", () => {
  const tu = /\b(tu|tus|te|ti|tú|contigo|puedes|quieres|tienes|escribes|eres|necesitas)\b/i;
  const vos = /\b(vos|podés|querés|tenés|escribís|sos|necesitás|acá)\b/i;
  const usted = /\b(usted|su|sus|le|(?<!se )puede|quiere|tiene|escribe)\b/i;
  for (const register of [tu, vos, usted]) assert.doesNotMatch(all(es), register);
});

test("numbers", () => {
  assert.equal(fill(es.new_below, { n: 3 }), "Mensajes nuevos: 3");
  assert.equal(fill(es.place, { position: 1 }), "Puesto 1 en la fila.");
});

test("each language is built in or fetched as a whole", () => {
  assert.deepEqual([spanish, english], [es, en]);
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
