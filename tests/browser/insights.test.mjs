// The page of insights: numbers with what they rest on, verdicts in words, and the conversations behind each number.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { complaints, everywhere, House } from "./support.mjs";

const house = await House.open({ after });
const marta = await house.agent("Marta");
const { page } = marta;

const figure = (name) => page.locator(".figure", { hasText: name }).locator("dd");

test("what happened is counted, and every number opens the conversations that it counts", async () => {
  const ana = await house.visitor();
  await ana.visits();
  await ana.opens();
  await ana.asks("¿qué tallas hay?", /./);
  await ana.asks("gracias, adiós", /./);
  const berta = await house.visitor();
  await berta.visits();
  await berta.opens();
  await berta.asks("¿dónde está mi pedido?", /./);
  await berta.menu("Hablar con una persona");
  await marta.waiting.first().waitFor();
  await marta.takes();
  await marta.replies("Hola, soy Marta.");
  await marta.closesAs("Resuelto");

  await marta.goesTo("Resultados");
  await figure("Pidieron o necesitaron una persona").waitFor();
  assert.equal((await figure("Conversaciones").first().innerText()).trim(), "2");
  // Two sessions make no percentage.
  assert.match(await figure("Pidieron o necesitaron una persona").innerText(), /^1 de 2\s+entre \d+\s*% y \d+\s*%$/);
  assert.match(await figure("Quienes pidieron una persona la tuvieron").innerText(), /^1 de 1/);
  assert.match(await page.locator(".verdict").first().innerText(), /Dejar como está[^]*pocos casos/);
  assert.match(await page.locator(".table", { hasText: "Pedido" }).first().innerText(), /order_number|Empezado/);
  await page.locator(".chart canvas").waitFor();
  await everywhere(page, "insights");

  await figure("Pidieron o necesitaron una persona").getByRole("link").click();
  await page.waitForFunction(() => document.querySelectorAll(".table tbody tr").length === 1);
  assert.match(await page.locator(".table tbody tr").first().innerText(), /¿dónde está mi pedido\?[^]*Marta/);
  await page.getByText("Las conversaciones que se contaron en un número").waitFor();
  await everywhere(page, "insights-behind");
  await page.getByRole("link", { name: "Todo el historial" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".table tbody tr").length === 2);

  await marta.goesTo("Resultados");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Bajar como CSV" }).click()]);
  assert.match(download.suggestedFilename(), /^insights-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
  assert.deepEqual([page, ana.page, berta.page].flatMap(complaints), []);
});

test("an agent has no page of numbers", async () => {
  const bruno = await house.agent("Bruno", await house.invites("Bruno", "agent"));
  assert.equal(await bruno.page.locator("nav a", { hasText: "Resultados" }).count(), 0);
  const { status } = await bruno.page.evaluate(async () => ({ status: (await fetch("/v1/insights")).status }));
  assert.equal(status, 403);
  const behind = await bruno.page.evaluate(async () => ({ status: (await fetch("/v1/history?number=gave_up")).status }));
  assert.equal(behind.status, 403);
});
