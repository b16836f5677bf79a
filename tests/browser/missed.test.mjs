// The pages for those who teach: what was missed becomes a draft, is tried on real conversations, and each topic's health is told.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { complaints, everywhere, House, told } from "./support.mjs";

const house = await House.open({ after });
const admin = await house.agent("Jefa");
const { page } = admin;
const cards = page.locator(".missed");

test("a missed phrase becomes a topic in a draft, which is tried on what people wrote", async () => {
  for (const words of ["paraguas plegables venden", "paraguas plegables, venden?", "¿paraguas plegables venden?"]) {
    const visitor = await house.visitor();
    await visitor.visits();
    await visitor.opens();
    await visitor.asks(words, /entend/);
    assert.deepEqual(complaints(visitor.page), []);
  }
  await admin.goesTo("No entendidas");
  const card = cards.filter({ hasText: "paraguas" });
  await card.waitFor();
  assert.match(await card.innerText(), /×3/);
  await everywhere(page, "missed");

  await card.locator("summary").click();
  assert.equal(await card.locator("details li").count(), 3);
  await card.getByRole("button", { name: /^Tema nuevo/ }).click();
  await page.getByLabel("Nombre interno").fill("umbrellas");
  await page.getByLabel("Título del botón en español").fill("Paraguas");
  await page.getByLabel("Título del botón en inglés").fill("Umbrellas");
  await page.getByLabel("Respuesta en español").fill("Sí: en la planta baja.");
  await page.getByLabel("Respuesta en inglés").fill("Yes: on the ground floor.");
  assert.match(await page.getByLabel("Frases de ejemplo, una por línea").inputValue(), /paraguas plegables venden/);
  await everywhere(page, "missed-form");
  await told(page, "no cambia hasta que se publique", () => page.getByRole("button", { name: "Guardar en el borrador" }).click());
  await card.waitFor({ state: "detached" });

  await page.getByRole("button", { name: "Probar", exact: true }).click();
  await page.locator("[role=status]", { hasText: "Terminado." }).waitFor({ timeout: 180_000 });
  assert.equal(await page.locator(".total-positive dd").innerText(), "3");
  await page.getByRole("button", { name: "Ver 3: mejor" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".table tbody tr").length === 3);
  assert.match(await page.locator(".table tbody tr").first().innerText(), /no se entiende[\s\S]*umbrellas/);
  await everywhere(page, "missed-rehearsal");

  await page.getByLabel("Mostrar").selectOption({ label: "Con decisión" });
  await card.waitFor();
  await card.getByRole("button", { name: /^Deshacer/ }).click();
  await card.waitFor({ state: "detached" });
  await page.getByLabel("Mostrar").selectOption({ label: "Por revisar" });
  await card.waitFor();
  await card.getByRole("button", { name: /^Ignorar/ }).focus();
  await page.keyboard.press("Enter");
  await card.waitFor({ state: "detached" });
  assert.deepEqual(complaints(page), []);
});

test("topics are listed with their health, the worst first; a lead reads and changes nothing", async () => {
  await admin.goesTo("Salud");
  await page.waitForFunction(() => document.querySelectorAll(".table tbody tr").length > 20);
  await everywhere(page, "health");
  assert.deepEqual(complaints(page), []);

  const lead = await house.agent("Elena", await house.invites("Elena", "lead"), { locale: "en-GB" });
  await lead.page.goto(`${house.base}/console#/missed`);
  await lead.page.getByLabel(/Mostrar|Show/).selectOption("all");
  await lead.page.locator(".missed", { hasText: "paraguas" }).waitFor();
  assert.equal(await lead.page.getByRole("button", { name: /Tema nuevo|New topic|Ignorar|Ignore/ }).count(), 0);
  assert.deepEqual(complaints(lead.page), []);
});
