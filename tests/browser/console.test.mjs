// The console for everybody: axe on every page, dialog and state, phone and desktop, light and dark.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { complaints, everywhere, House, teams } from "./support.mjs";

const BOTH = [[390, 780], [1280, 800]];

/** Offers that stand long enough to be looked at, reasons to close by, and a target that is soon missed. */
const TEAMS = teams(`
    routing: {policy: longest_idle, offer_seconds: 300}
    sla: {first_response_minutes: 1}
    wrap_up: {answered: {es: "Consulta resuelta", en: "Question answered"}, delayed: {es: "Envío con demora", en: "Late parcel"}}`);

const house = await House.open({ after }, "", TEAMS);

/** A visitor who wants a person, about something. */
async function waits(words) {
  const visitor = await house.visitor();
  await visitor.visits();
  await visitor.opens();
  if (words) await visitor.asks(words, /./);
  await visitor.menu("Hablar con una persona");
  await visitor.at(".ticket").waitFor();
  return visitor;
}

test("every page, dialog and state of the console", async () => {
  const marta = await house.agent("Marta");
  const { page } = marta;
  const ana = await waits("quiero cambiar la dirección del pedido 1000003");
  await marta.offer.waitFor();
  await everywhere(page, "offer", BOTH);

  await page.locator(".thread").focus();
  await page.keyboard.press("Enter");
  await page.locator(".field textarea").waitFor();
  await marta.replies("Hola, soy Marta.");
  await page.locator(".field textarea").fill("Te aviso antes de las 23");
  await page.locator(".spotted button").first().waitFor();
  await everywhere(page, "spotted", BOTH);
  await page.keyboard.press("Control+Shift+P");
  await page.locator(".card-promise").waitFor();
  await page.locator(".field textarea").fill("");

  const bruno = await house.agent("Bruno", await house.invites("Bruno", "agent"));
  for (const [name, state] of [["Traspasar", "transfer"], ["Posponer", "snooze"], ["Prometer", "promise"], ["Cerrar", "close"]]) {
    await marta.acts(name);
    await everywhere(page, `dialog-${state}`, BOTH);
    await page.keyboard.press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
  }
  for (const [key, state] of [["u", "priority"], ["f", "flag"], ["?", "help"], ["Control+k", "palette"]]) {
    await page.locator(".thread").focus();
    await page.keyboard.press(key);
    await page.locator("dialog[open]").waitFor();
    await everywhere(page, `dialog-${state}`, BOTH);
    await page.keyboard.press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
  }
  await page.locator(".more").click();
  await everywhere(page, "more", BOTH);
  await page.keyboard.press("Escape");
  await page.locator(".status-button").click();
  await everywhere(page, "status", BOTH);
  await page.keyboard.press("Escape");

  await marta.goesTo("Respuestas");
  await page.getByLabel("Atajo", { exact: true }).fill("reembolso");
  await page.getByLabel("Título").fill("Plazo del reembolso");
  await page.getByLabel("Texto", { exact: true }).fill("Hola {visitor}, soy {agent}. El reembolso del pedido {order_number} llega en {days} días.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator(".card-line", { hasText: "/reembolso" }).waitFor();
  await everywhere(page, "replies", BOTH);

  await marta.goesTo("Atención");
  await page.locator(".thread").focus();
  await page.keyboard.press("/");
  await page.locator(".suggestions [role=option]").waitFor();
  await everywhere(page, "canned", BOTH);
  await page.keyboard.press("Enter");
  await page.locator(".field textarea").press("Enter");
  await page.locator(".field .over", { hasText: "{days}" }).waitFor();
  assert.match(await page.locator(".field textarea").inputValue(), /^Hola, soy Marta\. El reembolso del pedido 1000003 llega/);
  await everywhere(page, "unfilled", BOTH);
  await page.locator(".field textarea").fill("");

  // Three of one cause, and whoever is asked lets them pass.
  await page.locator(".status-button").click();
  await page.locator(".statuses button", { hasText: "Solo traspasos" }).click();
  await page.locator(".status-button", { hasText: "Solo traspasos" }).waitFor();
  for (let n = 0; n < 3; n += 1) await waits("¿qué formas de pago hay?");
  for (let n = 0; n < 3; n += 1) await bruno.offer.getByRole("button", { name: "Pasar" }).first().click();
  await page.locator(".cause").waitFor();
  await everywhere(page, "queue", BOTH);
  await page.locator(".cause button").click();
  await page.locator("dialog[open]").waitFor();
  await everywhere(page, "dialog-cause", BOTH);
  await page.keyboard.press("Escape");

  await marta.goesTo("Ahora");
  await page.locator(".card-line").first().waitFor();
  await everywhere(page, "now", BOTH);
  for (const [name, state] of [["Opiniones", "feedback"], ["Temas", "topics"], ["Equipo", "people"]]) {
    await marta.goesTo(name);
    await page.locator(".page h1", { hasText: name }).waitFor();
    await everywhere(page, state, BOTH);
  }
  await page.locator("[popovertarget=menu]").click();
  await page.locator("#menu select").first().selectOption("en");
  await marta.goesTo("Now");
  await page.locator(".page h1", { hasText: "Now" }).waitFor();
  await everywhere(page, "now-en", BOTH);

  await house.dies();
  await page.locator(".banner-bad").waitFor();
  await everywhere(page, "offline", BOTH);
  assert.deepEqual([...complaints(page), ...complaints(ana.page)], []);
});
