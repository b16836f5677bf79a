// The history page: what was said is found again, read, and taken along.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { complaints, everywhere, House } from "./support.mjs";

const house = await House.open({ after });
const marta = await house.agent("Marta");
const { page } = marta;
const rows = page.locator(".table tbody tr");

async function visitorWho(words) {
  const visitor = await house.visitor();
  await visitor.visits();
  await visitor.opens();
  await visitor.asks(words, /./);
  return visitor;
}

const searchFor = async (text, count) => {
  await page.locator("input[type=search]").fill(text);
  await page.keyboard.press("Enter");
  await page.waitForFunction((count) => document.querySelectorAll(".table tbody tr").length === count, count);
};

test("a conversation of the past is found by its words, read at the desk and kept as a file", async () => {
  const ana = await visitorWho("quiero cambiar la dirección del pedido 1000003");
  await ana.menu("Hablar con una persona");
  await marta.waiting.first().waitFor();
  await marta.takes();
  await marta.replies("Hola, soy Marta. ¿A qué dirección?");
  await marta.closesAs("Resuelto");
  const berta = await visitorWho("¿dónde está mi pedido?");

  await page.locator(".told", { hasText: "Cerrada por" }).click();
  await page.keyboard.press("y");
  await page.locator("nav a[aria-current=page]", { hasText: "Historial" }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll(".table tbody tr").length === 2);
  await everywhere(page, "history");

  await searchFor("DIRECCION pedido", 1);
  await page.locator("[role=status]", { hasText: "Se revisaron todas." }).waitFor();
  assert.match(await rows.first().innerText(), /Marta/);
  assert.match(await rows.first().innerText(), /quiero cambiar la dirección del pedido 1000003/);
  await searchFor("ornitorrinco", 0);
  await page.locator(".empty", { hasText: "Ninguna conversación coincide." }).waitFor();
  await everywhere(page, "history-none");
  await page.getByRole("button", { name: "Quitar filtros" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".table tbody tr").length === 2);

  await page.getByLabel("Resultado").selectOption({ label: "Resuelto" });
  await page.getByRole("button", { name: "Buscar" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".table tbody tr").length === 1);

  const [download] = await Promise.all([page.waitForEvent("download"), rows.first().getByRole("link", { name: /Guardar como Texto/ }).click()]);
  assert.match(download.suggestedFilename(), /^ventanilla-[0-9a-f-]{36}\.txt$/);
  const kept = readFileSync(await download.path(), "utf8");
  assert.match(kept, /Visitante: quiero cambiar la dirección del pedido 1000003/);
  assert.match(kept, /Marta: Hola, soy Marta\. ¿A qué dirección\?/);
  assert.match(kept, /Hora de Europe\/Madrid/);

  // Read only: it is over, and nobody has it.
  await rows.first().getByRole("button", { name: "Abrir la conversación" }).click();
  await page.locator(".said-agent", { hasText: "¿A qué dirección?" }).waitFor();
  assert.equal(await page.locator(".stub-claim").count(), 0);
  await marta.goesTo("Historial");
  await page.waitForFunction(() => document.querySelectorAll(".table tbody tr").length === 1);
  assert.equal(await page.getByLabel("Resultado").inputValue(), "resolved_by_agent", "as one left it");

  assert.deepEqual([page, ana.page, berta.page].flatMap(complaints), []);
});

test("an agent has the history too, without notes and without the people of the company", async () => {
  const bruno = await house.agent("Bruno", await house.invites("Bruno", "agent"));
  await bruno.goesTo("Historial");
  await bruno.page.waitForFunction(() => document.querySelectorAll(".table tbody tr").length === 2);
  assert.equal(await bruno.page.locator(".section-head .check").count(), 0);
  assert.deepEqual(await bruno.page.getByLabel("Atendió").locator("option").allInnerTexts(), ["Cualquiera", "Yo"]);
  assert.deepEqual(complaints(bruno.page), []);
});
