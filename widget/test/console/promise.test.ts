import assert from "node:assert/strict";
import { test } from "node:test";
import { spot } from "../../src/console/model/promise";

/** A Wednesday, ten past two in the afternoon. */
const NOW = new Date(2026, 10, 25, 14, 10).getTime();
const at = (days: number, hour: number, minute = 0): number => new Date(2026, 10, 25 + days, hour, minute).getTime();
const MINUTE = 60_000;

const by = (text: string, now = NOW): number | undefined => spot(text, now)?.by;

test("what an agent promises in Spanish, and until when", () => {
  const cases: [string, number][] = [
    ["te aviso antes de las 18", at(0, 18)],
    ["Te aviso antes de las 18:30 h.", at(0, 18, 30)],
    ["Le confirmo a las 6 de la tarde", at(0, 18)],
    ["os escribo a las 6 y media", at(0, 18, 30)],
    ["te llamo a las 9 de la mañana", at(1, 9)],
    ["te llamo a las 11", at(0, 23)],
    ["mañana te escribo", at(1, 18)],
    ["Mañana por la mañana le llamo", at(1, 12)],
    ["te respondo mañana a las 5", at(1, 17)],
    ["mañana a las 10 te lo confirmo", at(1, 10)],
    ["pasado mañana te cuento", at(2, 18)],
    ["te aviso hoy", at(0, 18)],
    ["esta tarde te digo algo", at(0, 18)],
    ["te escribo esta noche", at(0, 21)],
    ["voy a avisarte el viernes", at(2, 18)],
    ["Te confirmaré el miércoles", at(7, 18)],
    ["te llamamos el 27/11 a las 12", at(2, 12)],
    ["le escribiremos el 3 de diciembre", at(8, 18)],
    ["te aviso en 20 minutos", NOW + 20 * MINUTE],
    ["te contesto en una hora", NOW + 60 * MINUTE],
    ["le llamo dentro de media hora", NOW + 30 * MINUTE],
    ["tendrás noticias antes del lunes", at(5, 18)],
    ["te lo mando a mediodía", at(1, 12)],
  ];
  for (const [text, when] of cases) assert.equal(by(text), when, `${text}: ${new Date(by(text) ?? 0)}`);
});

test("what an agent promises in English, and until when", () => {
  const cases: [string, number][] = [
    ["I'll let you know by 6 pm", at(0, 18)],
    ["I’ll let you know by 6pm.", at(0, 18)],
    ["I will call you at 4:30", at(0, 16, 30)],
    ["We'll email you tomorrow", at(1, 18)],
    ["we will get back to you tomorrow morning", at(1, 12)],
    ["I'll confirm by Friday", at(2, 18)],
    ["I'm going to write to you tonight", at(0, 21)],
    ["I'll follow up by the end of the day", at(0, 18)],
    ["I'll get back to you within 2 hours", NOW + 120 * MINUTE],
    ["We'll let you know in half an hour", NOW + 30 * MINUTE],
    ["You'll hear from us by December 3rd", at(8, 18)],
    ["I'll ring you at 9 am", at(1, 9)],
  ];
  for (const [text, when] of cases) assert.equal(by(text), when, `${text}: ${new Date(by(text) ?? 0)}`);
});

test("what was promised is the sentence itself", () => {
  assert.equal(spot("Hola, Ana. Te aviso antes de las 18. ¿Algo más?", NOW)?.what, "Te aviso antes de las 18");
  assert.equal(spot("Ya lo miro.\nmañana te escribo!", NOW)?.what, "mañana te escribo");
});

test("no promise: a question, a fact, no time, no one who promises", () => {
  for (const text of [
    "", "Hola, soy Marta.", "¿Te aviso antes de las 18?", "Shall I let you know by 6 pm?", "Abrimos a las 10.", "El pedido llega mañana.",
    "La tienda cierra a las 21 h.", "te aviso", "Te aviso en cuanto sepa algo.", "I'll let you know.", "Your parcel arrives tomorrow.",
    "no te puedo llamar hoy", "Gracias, que tengas buena tarde.", "Me avisaron ayer a las 18.",
  ]) assert.equal(spot(text, NOW), undefined, text);
});

test("a time that is past is the next one, never one behind us", () => {
  const late = new Date(2026, 10, 25, 19, 0).getTime();
  assert.equal(by("te aviso antes de las 18", late), at(1, 18));
  assert.equal(by("te aviso esta tarde", late), undefined, "the afternoon is over");
  assert.equal(by("te aviso hoy", late), at(0, 21));
  assert.equal(by("I'll call you at 10", late), at(0, 22));
});
