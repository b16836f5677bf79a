import assert from "node:assert/strict";
import { test } from "node:test";
import { inForce, speak, tidy, wordsFile } from "../src/i18n/locale.ts";
import { en } from "../src/i18n/visitor/en.ts";
import { esAR } from "../src/i18n/visitor/es-AR.ts";
import { esUsted } from "../src/i18n/visitor/es-usted.ts";
import { es } from "../src/i18n/visitor/es.ts";
import spanish from "../src/i18n/visitor/spanish.ts";

const all = (words: object) => JSON.stringify(words);

test("every key stands in both languages, with the same placeholders", () => {
  const names = (text: unknown) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g))].sort();
  assert.deepEqual(Object.keys(en), Object.keys(es));
  for (const key of Object.keys(es) as (keyof typeof es)[]) assert.deepEqual(names(en[key]), names(es[key]), key);
});

test("registers override what exists, and differ from it", () => {
  for (const register of [esAR, esUsted]) {
    for (const [key, text] of Object.entries(register)) {
      assert.ok(key in es, key);
      assert.notEqual(text, es[key as keyof typeof es], key);
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
  assert.doesNotMatch(all({ ...es, ...esUsted }), /\b(tu|tus|te|ti|tú|contigo)\b/i);
});

test("plurals and numbers", () => {
  const t = speak("es-AR", spanish("es-AR"));
  assert.equal(t("new", { n: 1 }), "1 mensaje nuevo");
  assert.equal(t("new", { n: 3 }), "3 mensajes nuevos");
  assert.equal(t("you"), "Vos");
  assert.equal(speak("es-usted", spanish("es-usted"))("compose"), "Su mensaje…");
  assert.equal(speak("es-MX", spanish("es-MX"))("you"), "Tú");
});

test("the conversation's language goes before the page's, the page's variant before the bare language", () => {
  assert.equal(inForce("es-AR", null), "es-AR");
  assert.equal(inForce("es-AR", "es"), "es-AR");
  assert.equal(inForce("es-AR", "en"), "en");
  assert.equal(wordsFile("pt-BR"), "english");
});

test("whatever stands in a page becomes a tag that the server takes", () => {
  const tags = { "ES_ar": "es-AR", "es-usted": "es-usted", "es-ES-u-nu-latn": "es-ES", "no tag at all": "en", "": "en" };
  for (const [tag, tidied] of Object.entries(tags)) assert.equal(tidy(tag), tidied, tag);
});
