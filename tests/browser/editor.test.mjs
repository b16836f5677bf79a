// The topic editor: an admin teaches the assistant something new, sees it proved, publishes it, and takes it back.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { complaints, everywhere, House, told, until } from "./support.mjs";

const house = await House.open({ after }, "", undefined, "tests/it/catalog");
const ana = await house.agent("Ana");
const { page } = ana;
const file = (name) => join(house.intents, `${name}.yaml`);
const side = (head) => page.locator(".side", { has: page.getByRole("heading", { name: head }) });
const checkedAs = (words) => page.locator(".side [aria-live]", { hasText: words }).first().waitFor();
const saves = () => told(page, "Borrador guardado.", () => page.getByRole("button", { name: "Guardar borrador" }).click());
/** What was published is learnt and answers. */
const live = (topic, there) => until(async () => {
  const names = await page.evaluate(async () => (await fetch("/v1/names")).json());
  return (topic in names.topics) === there;
}, `${topic} is ${there ? "not live" : "still live"}`);

test("from nothing to a topic that is tested, published and answers", async () => {
  await ana.goesTo("Temas");
  await page.locator(".table tbody tr").first().waitFor();
  await everywhere(page, "topics");
  await page.getByRole("button", { name: "Tema nuevo" }).click();
  await page.getByLabel("Título en español").fill("Envolver para regalo");
  await page.getByLabel("Título en inglés").fill("Gift wrap");
  assert.equal(await page.getByLabel("Nombre interno").inputValue(), "envolver_para_regalo");
  await page.getByLabel("Nombre interno").fill("gift_wrap");
  await page.getByLabel("Ejemplos en español").fill("¿lo envuelven para regalo?\nquiero papel de regalo\nes un regalo, ¿viene envuelto?\npueden ponerle un moño\nenvoltorio de regalo\nnecesito que lo envuelvan");
  await page.getByLabel("Ejemplos en inglés").fill("can you gift wrap it\ndo you have wrapping paper\nit is a present, wrap it please\ngift wrapping\nput a bow on it\nis wrapping included");
  await page.getByLabel("Respuesta en español").fill("Sí: lo envolvemos **gratis**.");
  await page.getByLabel("Respuesta en inglés").fill("Yes: we wrap it for free.");
  await everywhere(page, "topic-new");
  await page.getByRole("button", { name: "Crear el tema" }).click();
  await page.getByRole("tab", { name: "Formulario" }).waitFor();
  // Without tests it says so.
  await side("Revisión").locator(".problem-warning").first().waitFor();
  const tests = ["me lo envuelven? es un regalo", "papel de regalo por favor", "please gift wrap it for me", "wrapping for a present"];
  for (const [index, say] of tests.entries()) {
    await page.getByRole("button", { name: "Agregar una prueba" }).click();
    await page.getByLabel(`Frase ${index + 1}`).fill(say);
    await page.getByLabel(`Idioma ${index + 1}`).selectOption(index < 2 ? "es" : "en");
  }
  await checkedAs("Sin problemas en este tema.");
  assert.match(await side("Así se ve").locator(".bubble").first().innerText(), /Sí: lo envolvemos gratis\./);
  await page.getByLabel("Agregar un botón").first().selectOption("opening_hours");
  await side("Así se ve").locator(".bubble-choices", { hasText: "Horario" }).waitFor();

  await page.getByPlaceholder("Una frase de cliente.").fill("¿me lo pueden envolver de regalo?");
  await page.keyboard.press("Enter");
  const after = side("Así lo entiende").locator(".read-as", { hasText: "Con el cambio" });
  await after.locator(".read-verdict", { hasText: "Envolver para regalo" }).waitFor();
  await page.getByRole("button", { name: "Hacer las pruebas" }).click();
  await side("Pruebas").locator(".good", { hasText: "0 mal" }).waitFor();
  await everywhere(page, "topic-editor");

  await page.getByRole("tab", { name: "Formulario" }).focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await page.getByLabel("Texto del archivo").inputValue(), /^topic: gift_wrap\n/);
  await page.keyboard.press("ArrowRight");
  await page.locator(".diff-added", { hasText: "¿lo envuelven para regalo?" }).waitFor();
  await everywhere(page, "topic-diff");

  await saves();
  assert.ok(!existsSync(file("gift_wrap")), "a draft is not on disk");
  assert.equal(await page.getByRole("button", { name: "Aprobar" }).count(), 0, "whoever may publish need not approve it first");
  await page.getByRole("button", { name: "Publicar" }).click();
  await page.locator(".state-published").waitFor();
  assert.match(readFileSync(file("gift_wrap"), "utf8"), /choices: \[opening_hours\]/);
  await page.getByRole("tab", { name: "Historial" }).click();
  assert.equal(await page.locator(".draft-history li").count(), 3);
  await page.getByText("Nadie más lo había revisado.").waitFor();
  await everywhere(page, "topic-history");

  await live("gift_wrap", true);
  const visitor = await house.visitor();
  await visitor.visits();
  await visitor.opens();
  await visitor.asks("¿lo envuelven para regalo?", /Sí: lo envolvemos gratis\./);
  assert.deepEqual([page, visitor.page].flatMap(complaints), []);
});

test("a change by hand meanwhile is shown beside one's own, and joined", async () => {
  await page.getByRole("button", { name: "Volver a los temas" }).click();
  await page.getByRole("link", { name: "Horario" }).click();
  const examples = page.getByLabel("Ejemplos en español");
  await examples.waitFor();
  const before = readFileSync(file("opening_hours"), "utf8");
  await examples.fill(`${await examples.inputValue()}\n¿abren en feriado?`);
  await checkedAs("Sin problemas en este tema.");
  await saves();
  writeFileSync(file("opening_hours"), before.replace("horario de atención\n", "horario de atención\n    ¿y en Navidad?\n"));
  await page.getByRole("button", { name: "Publicar" }).click();
  const joined = page.getByLabel("Cómo debe quedar");
  await joined.waitFor();
  await page.waitForFunction(() => document.querySelector(".bar textarea").value.includes("¿y en Navidad?"));
  await everywhere(page, "topic-conflict");
  await joined.fill((await joined.inputValue()).replace("¿abren en feriado?", "¿y en Navidad?\n    ¿abren en feriado?"));
  await told(page, "Borrador guardado.", () => page.getByRole("button", { name: "Guardar lo unido" }).click());
  await page.locator(".bar").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Publicar" }).click();
  await page.locator(".state-published").waitFor();
  const text = readFileSync(file("opening_hours"), "utf8");
  assert.equal(text, before.replace("horario de atención\n", "horario de atención\n    ¿y en Navidad?\n    ¿abren en feriado?\n"));
});

test("errors are shown while one writes, and a broken test needs a reason", async () => {
  await page.getByRole("button", { name: "Volver a los temas" }).click();
  await page.getByRole("link", { name: "Horario" }).click();
  await page.getByRole("tab", { name: "Texto" }).click();
  const raw = page.getByLabel("Texto del archivo");
  const good = await raw.inputValue();
  await raw.fill(good.replace("stage: awareness", "stage: somewhere"));
  await side("Revisión").locator(".problem-error").waitFor();
  await everywhere(page, "topic-error", [[320, 568]]);
  await raw.fill(good);
  await checkedAs("Sin problemas en este tema.");
  await page.getByRole("tab", { name: "Formulario" }).click();
  await page.getByRole("button", { name: "Agregar una prueba" }).click();
  await page.locator(".test-say input").last().fill("quiero hablar con una persona");
  await checkedAs("Sin problemas en este tema.");
  await page.getByRole("button", { name: "Publicar" }).click();
  await page.getByLabel("Motivo para publicar igualmente").fill("Se arregla el lunes");
  await everywhere(page, "topic-broken", [[320, 568]]);
  await page.getByRole("button", { name: "Publicar igualmente" }).click();
  await page.locator(".state-published").waitFor();
  assert.match(readFileSync(file("opening_hours"), "utf8"), /quiero hablar con una persona/);
  await page.getByRole("tab", { name: "Historial" }).click();
  await page.locator(".draft-history li", { hasText: "Se arregla el lunes" }).getByText("quiero hablar con una persona").waitFor();
});

test("a topic in one language, that shares a sentence with another, is mended where it is typed", async () => {
  await page.getByRole("button", { name: "Volver a los temas" }).click();
  await page.getByRole("searchbox", { name: "Buscar un tema" }).fill("hora abren");
  await page.locator(".table q").first().waitFor();
  assert.equal(await page.locator(".table tbody tr").count(), 1);
  await page.getByRole("searchbox", { name: "Buscar un tema" }).fill("");
  await page.getByRole("button", { name: "Tema nuevo" }).click();
  await page.getByLabel("Título en español").fill("Aparcamiento");
  await page.getByLabel("Nombre interno").fill("a_parking");
  await page.getByLabel("Ejemplos en español").fill("¿a qué hora abren?\ndónde dejo el coche\ntienen aparcamiento\nhay parking cerca\nse puede aparcar\nestacionamiento gratis");
  await page.getByLabel("Respuesta en español").fill("Sí: detrás de la tienda.");
  await page.getByRole("button", { name: "Crear el tema" }).click();
  const twin = page.locator(".twins li", { hasText: "opening_hours" });
  await twin.getByRole("link", { name: "Ver «Horario»" }).waitFor();
  await everywhere(page, "topic-twin", [[320, 568]]);
  const examples = page.getByLabel("Ejemplos en español");
  await examples.fill("¿hay sitio para el coche?\ndónde dejo el coche\ntienen aparcamiento\nhay parking cerca\nse puede aparcar\ndónde dejo el coche");
  await page.locator(".twins").getByRole("button", { name: /Ir a la línea/ }).click();
  const chosen = () => page.evaluate(() => {
    const field = document.querySelector("textarea.raw");
    return field ? field.value.slice(field.selectionStart, field.selectionEnd).trim() : "";
  });
  await until(async () => (await chosen()) === "dónde dejo el coche", "the line is not chosen");
  await page.getByRole("tab", { name: "Formulario" }).click();
  await page.getByLabel("Ejemplos en español").fill("¿hay sitio para el coche?\ndónde dejo el coche\ntienen aparcamiento\nhay parking cerca\nse puede aparcar\nestacionamiento gratis");
  await page.locator(".twins li").first().waitFor({ state: "detached" });
  await page.getByText("Datos que se pueden insertar").click();
  await page.getByRole("button", { name: "{brand}" }).click();
  await page.locator(".answers textarea").first().waitFor();
  assert.match(await page.locator(".answers textarea").first().inputValue(), /\{brand\}/);
  await page.getByLabel("Nota para el equipo").fill("Pedido por la tienda de Madrid");
  await page.getByRole("button", { name: "Publicar" }).click();
  await page.locator(".state-published").waitFor();
  assert.match(readFileSync(file("a_parking"), "utf8"), /note: "Pedido por la tienda de Madrid"/);
});

test("what is not ours is a simple list", async () => {
  await page.getByRole("button", { name: "Volver a los temas" }).click();
  writeFileSync(file("_not_ours"), "# Ours not.\ncompanies: |\n  Amazon\nexamples:\n  es: |\n    ¿hay trabajo para mí?\n");
  await page.getByRole("button", { name: "Volver a leer" }).click();
  await page.getByRole("link", { name: "_not_ours.yaml" }).click();
  const companies = page.getByLabel("Otras empresas");
  await companies.waitFor();
  await everywhere(page, "not-ours");
  await companies.fill(`${await companies.inputValue()}\nTienda Ajena`);
  await checkedAs("Sin problemas");
  await saves();
  await page.getByRole("tab", { name: "Cambios" }).click();
  await page.locator(".diff-added", { hasText: "Tienda Ajena" }).waitFor();
  page.once("dialog", (dialog) => dialog.accept());
  await page.getByRole("button", { name: "Descartar" }).click();
  await page.locator(".table tbody tr").first().waitFor();
});

test("what is typed while the server still reads what was typed before is saved too", async () => {
  await page.getByRole("link", { name: "Horario" }).click();
  const examples = page.getByLabel("Ejemplos en español");
  const before = await examples.inputValue();
  await checkedAs("Sin problemas en este tema.");
  // The answer to the first change comes when the second has been made, and its own question is not due before the button is pressed.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  let second;
  const typed = new Promise((resolve) => (second = resolve));
  await page.route("**/check", async (route) => {
    await typed;
    await route.continue();
  }, { times: 1 });
  const asking = page.waitForRequest("**/check");
  await examples.fill(`${before}\n¿cierran al mediodía?`);
  await page.clock.runFor(1_000);
  const answer = (await asking).response();
  await examples.fill(`${before}\n¿cierran al mediodía?\n¿abren de noche?`);
  second();
  await (await answer).finished();
  const put = page.waitForRequest((request) => request.method() === "PUT");
  await saves();
  assert.match((await put).postDataJSON().text, /¿cierran al mediodía\?\n\s+¿abren de noche\?/);
  await page.clock.resume();
  page.once("dialog", (dialog) => dialog.accept());
  await page.getByRole("button", { name: "Descartar" }).click();
  await page.locator(".table tbody tr").first().waitFor();
});

test("what was published is taken back", async () => {
  const card = page.locator(".card-line", { hasText: "gift_wrap.yaml" });
  await card.getByRole("button", { name: /Deshacer/ }).click();
  await page.getByText("Este cambio quita el archivo.").waitFor();
  await page.getByRole("button", { name: "Publicar" }).click();
  await page.locator(".state-published").waitFor();
  assert.ok(!existsSync(file("gift_wrap")));
  await live("gift_wrap", false);
  assert.deepEqual(complaints(page).filter((text) => !/status of (409|422)/.test(text)), []);
});
