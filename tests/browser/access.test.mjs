// Every state for everybody: axe on phone and desktop, light and dark.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { everywhere, House } from "./support.mjs";

const house = await House.open({ after });

/** Questions of different topics: none is a repetition. */
const QUESTIONS = [
  ["¿a qué hora abren?", /10 a 21/],
  ["¿qué formas de pago hay?", /tarjeta|Bizum/i],
  ["¿cuánto cuesta el envío?", /env[ií]o/i],
  ["¿eres un robot?", /asistente/i],
  ["¿hay promociones?", /./],
  ["¿cómo sé mi talla?", /./],
  ["¿esta tienda es de verdad?", /./],
  ["¿cómo los contacto?", /./],
];

test("the widget", async () => {
  const ana = await house.visitor({ reducedMotion: "reduce" });
  const { page } = ana;
  await ana.visits();
  await everywhere(page, "closed");

  await ana.opens();
  for (const [question, answer] of QUESTIONS) await ana.asks(question, answer);
  while ((await ana.bubbles()).length < 20) await ana.asks("gracias", /./);
  await everywhere(page, "messages");

  await ana.at("header .tool").first().click();
  await everywhere(page, "menu");
  await ana.at("header .tool").first().click();

  await page.context().setOffline(true);
  await ana.at(".banner.alert").waitFor();
  await ana.types("¿sigue ahí?");
  await everywhere(page, "offline");
  await page.context().setOffline(false);
  await ana.at(".banner.alert").waitFor({ state: "detached" });
  await ana.sent("¿sigue ahí?");

  const marta = await house.agent("Marta");
  await ana.menu("Hablar con una persona");
  await ana.at(".ticket b", { hasText: "1" }).waitFor();
  await everywhere(page, "queue");

  await marta.waiting.first().waitFor();
  await everywhere(marta.page, "console-queue", [[1280, 800]]);
  await marta.takes();
  await marta.replies("Hola, soy Marta.\nYa leí la conversación.");
  await ana.agentSays("soy Marta").waitFor();
  await everywhere(marta.page, "console-thread", [[1280, 800]]);
  await everywhere(page, "agent");

  await marta.closesAs("Resuelto");
  await ana.at(".closing .tap").first().waitFor();
  await everywhere(page, "rating");
  await ana.at(".closing .tap").last().click();
  await ana.at(".closing .tap[aria-pressed=true]").waitFor();
  await everywhere(page, "rated");
  assert.deepEqual(marta.page.complaints, []);
});
