// Closing the loop: a lead finds where opinions gather, writes what was done about them, publishes it; the visitor and everybody else read of it.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { complaints, everywhere, House, told } from "./support.mjs";

const house = await House.open({ after });
const marta = await house.agent("Marta");
const { page } = marta;

/** Asks about sizes and is not content; gives the line under the question. */
async function complains(line) {
  const visitor = await house.visitor();
  await visitor.visits();
  await visitor.opens();
  await visitor.choosesStyle("Cercanas");
  await visitor.asks("¿qué tallas hay?", /./);
  await visitor.menu("Terminar la conversación");
  const closing = await visitor.at(".closing").innerText();
  await visitor.at(".closing .tap").last().click();
  await visitor.at(".closing .tap[aria-pressed=true]").waitFor();
  await visitor.at(".closing input").fill(line);
  await visitor.at(".closing input").press("Enter");
  await visitor.sent(line);
  return { visitor, closing };
}

test("opinions become a theme, an action closes them, those who gave them and the next visitors read what was done", async () => {
  const { visitor: ana, closing } = await complains("No están las medidas en centímetros");
  assert.doesNotMatch(closing, /centímetros/);
  const { visitor: eva } = await complains("Faltan los centímetros en la tabla");

  await marta.goesTo("Mejoras");
  const theme = page.locator(".table tbody tr", { hasText: "Fichas de producto" });
  await theme.waitFor();
  assert.match(await theme.innerText(), /2\s*de 2/);
  await everywhere(page, "improvements");
  await theme.getByRole("link").click();
  await page.getByText("No están las medidas en centímetros").first().waitFor();
  await everywhere(page, "improvements-opinions");
  await page.getByRole("button", { name: "Elegir todas las que se ven" }).click();
  await told(page, "Anotadas 2 opiniones.", () => page.getByRole("button", { name: "La llevo yo" }).click());
  await page.getByText("La lleva Marta").nth(1).waitFor();

  await page.getByRole("button", { name: "Elegir todas las que se ven" }).click();
  await page.getByRole("button", { name: "Escribir qué hicimos" }).click();
  await page.getByLabel("Qué nos dijeron").fill("No están los centímetros");
  await page.getByLabel("Qué cambiamos").fill("La guía de tallas trae ahora las medidas en centímetros.");
  await everywhere(page, "improvements-form");
  // A language is missing: it is said which, and the form turns to it.
  await told(page, /inglés/i, () => page.getByRole("button", { name: "Guardar el borrador" }).click());
  await page.getByLabel("Qué nos dijeron").fill("The centimetres are missing");
  await page.getByLabel("Qué cambiamos").fill("The size guide has centimetres now.");
  await page.getByLabel("Tema que se cambió").selectOption({ value: "size_guide" });
  await told(page, "Guardado", () => page.getByRole("button", { name: "Guardar el borrador" }).click());
  await page.locator("h1", { hasText: "No están los centímetros" }).waitFor();
  await page.getByText("Borrador", { exact: true }).waitFor();

  page.once("dialog", (dialog) => dialog.accept());
  await told(page, "Publicada", () => page.getByRole("button", { name: "Publicar y avisar" }).click());
  for (const visitor of [ana, eva]) await visitor.at(".row", { hasText: "Dejaste una opinión sobre esto: «No están los centímetros»." }).first().waitFor();
  await page.reload();
  await page.getByText("Contado: 2 de 2 opiniones").waitFor();
  await page.getByText("Todavía no se puede decir").waitFor();
  await everywhere(page, "improvements-deed");
  assert.equal(await page.getByRole("link", { name: /size_guide/ }).getAttribute("href"), "#/topics/size_guide");

  const { closing: next } = await complains("Sigo con dudas");
  assert.match(next, /La última vez nos dijeron «No están los centímetros», y lo cambiamos\. La guía de tallas trae ahora/);

  // Everybody reads it, also where scripts are off.
  const reader = await house.page({ javaScriptEnabled: false });
  await reader.goto(`${house.base}/novedades`);
  await reader.getByText("La guía de tallas trae ahora las medidas en centímetros.").waitFor();
  await reader.getByRole("link", { name: "English" }).click();
  await reader.getByRole("heading", { name: "What's new" }).waitFor();
  const seen = await house.page();
  await seen.goto(`${house.base}/novedades`);
  await everywhere(seen, "novedades");
  assert.deepEqual([page, ana.page, eva.page, reader, seen].flatMap(complaints), []);
});

test("an agent closes no loop", async () => {
  const bruno = await house.agent("Bruno", await house.invites("Bruno", "agent"));
  assert.equal(await bruno.page.locator("nav a", { hasText: "Mejoras" }).count(), 0);
  const status = await bruno.page.evaluate(async () => (await fetch("/v1/improvements")).status);
  assert.equal(status, 403);
});
