import assert from "node:assert/strict";
import { test } from "node:test";
import { type Canned, asking, filled, fitting, inLanguage, replaced, unfilled, values } from "../../src/console/model/canned";
import { mentions, names } from "../../src/console/model/mention";
import type { Card } from "../../src/protocol/types";

const card: Card = {
  wants: "", tried: [], data: [["order_number", "1000007"], ["name", "Ana"]], verified: [], site: "es", channel: "web", lang: "es", style: "warm",
  angry: false, failures: 0, promises: [{ case: "M-7F3K", by: 1, late: false, kind: "agent" }], state: "assigned",
};
const one = (short: string, title = short): Canned => ({ short, lang: "es", title, text: title });

test("a slash at the beginning of a word asks for a reply, one inside a word does not", () => {
  assert.deepEqual(asking("/", 1, "/"), { sign: "/", query: "", from: 0 });
  assert.deepEqual(asking("Hola /envío-2", 13, "/"), { sign: "/", query: "envío-2", from: 5 });
  assert.deepEqual(asking("@Añ", 3, "@"), { sign: "@", query: "Añ", from: 0 });
  for (const text of ["24/7", "y/o", "https://x", "hola", "/a b"]) assert.equal(asking(text, text.length, "/"), undefined, text);
});

test("those that begin so come first; accents do not matter", () => {
  const all = [one("hola"), one("reenvio"), one("envío"), one("pago", "Envío con cargo")];
  assert.deepEqual(fitting(all, "envio").map(({ short }) => short), ["envío", "pago", "reenvio"]);
  assert.deepEqual(fitting(all, "x"), []);
  assert.equal(fitting(all, "", 2).length, 2);
});

test("replies in another language than the visitor's are left out, whatever the region", () => {
  const all = [one("hola"), { ...one("bye"), lang: "en" }];
  assert.deepEqual(inLanguage(all, "es-AR").map(({ short }) => short), ["hola"]);
  assert.deepEqual(inLanguage(all, "EN").map(({ short }) => short), ["bye"]);
  assert.deepEqual(inLanguage(all, "pt"), []);
});

test("variables are filled, what nobody knows stays to be seen, and a missing name leaves no hole", () => {
  const known = values(card, "Marta");
  assert.equal(filled("Hola {visitor}, soy {agent}: {order_number}, {case}, {store}.", known), "Hola Ana, soy Marta: 1000007, M-7F3K, {store}.");
  assert.equal(filled("Hola {visitor}, ¿qué tal?", values({ ...card, data: [] }, "Marta")), "Hola, ¿qué tal?");
  assert.deepEqual(unfilled("Va a {store}."), { from: 5, to: 12, name: "store" });
  assert.equal(unfilled("{} {Ñ} { a }"), undefined);
});

test("what was asked for gives way to the reply, the rest stays", () => {
  const text = "Hola /env y más";
  const wanted = asking(text, 9, "/");
  assert.ok(wanted);
  assert.deepEqual(replaced(text, wanted, "Llega hoy."), { text: "Hola Llega hoy. y más", caret: 15 });
});

test("a colleague is named whole, and only where the name ends", () => {
  assert.deepEqual(mentions("ojo @Ana Ruiz mira", ["Ana", "Ana Ruiz"]), ["ojo ", "@Ana Ruiz", " mira"]);
  assert.ok(names("@Ana, ¿lo ves?", "Ana"));
  assert.ok(!names("@Anabel", "Ana"));
  assert.ok(!names("hola", ""));
});
