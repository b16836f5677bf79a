// A blocked visitor asks for a review: a lead sees what it is, who blocked and why, and decides with one button; the visitor is told.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { complaints, everywhere, House, teams } from "./support.mjs";

const house = await House.open({ after }, "", teams(""));
const elena = await house.agent("Elena");

/** Somebody whom the lead has blocked, and who asks for a review. */
async function asksForReview(reason) {
  const { page } = elena;
  const visitor = await house.visitor();
  await visitor.visits();
  await visitor.opens();
  await visitor.asks("¿qué formas de pago hay?", /./);
  await visitor.menu("Hablar con una persona");
  await elena.waiting.first().waitFor();
  await page.locator(".group-waiting .slip-open").first().click();
  // Not the one that was open before.
  await page.locator(".group-waiting .slip.is-open").waitFor();
  await page.locator("#thread .said").first().waitFor();
  await page.locator("#thread .more").click();
  await page.getByRole("button", { name: "Maltrato" }).click();
  await page.locator("dialog[open] .option", { hasText: "Bloqueado" }).click();
  await page.locator("dialog[open] input[type=text]").fill("insultos a Bruno");
  await elena.confirms();
  await visitor.taps("Pedir una revisión", /500/);
  await visitor.asks(reason, /solicitud de revisión queda guardada/);
  await page.locator(".card .promises", { hasText: reason }).waitFor();
  return visitor;
}

test("a review is known on the slip and on the card, and is decided there", async () => {
  const { page } = elena;
  const ana = await asksForReview("Perdón, era un mal día");
  const slip = page.locator(".group-message .slip", { hasText: "Revisión de un bloqueo" });
  await slip.waitFor();
  assert.equal(await slip.locator(".stub-claim").count(), 0, "it is decided, not taken");
  const review = page.locator(".card .promises li", { hasText: "Revisión de un bloqueo" });
  assert.match(await review.innerText(), /Lo bloqueó\s+Elena, \d+:\d+[\s\S]*Motivo\s+insultos a Bruno/);
  assert.equal(await review.getByRole("button", { name: "Cumplida" }).count(), 0);
  await everywhere(page, "review", [[1280, 800]]);

  await review.getByRole("button", { name: "Levantar el bloqueo" }).click();
  await ana.at(".bubble", { hasText: "el contacto con personas vuelve a estar abierto" }).waitFor();
  await slip.waitFor({ state: "detached" });
  await review.waitFor({ state: "detached" });
  await ana.menu("Hablar con una persona");
  await elena.waiting.first().waitFor();
  await ana.menu("Terminar la conversación");
  await elena.waiting.first().waitFor({ state: "detached" });
  assert.deepEqual([...complaints(page), ...complaints(ana.page)], []);
  await ana.page.context().close();
});

test("a block that is kept ends the review too, and an agent is not asked to decide", async () => {
  const { page } = elena;
  const bruno = await house.agent("Bruno", await house.invites("Bruno", "agent"));
  const ana = await asksForReview("No fui yo");
  await bruno.page.goto(page.url());
  await bruno.card.getByText("La decide alguien de coordinación.").waitFor();
  assert.equal(await bruno.card.getByRole("button", { name: /bloqueo/ }).count(), 0);
  await page.locator(".card").getByRole("button", { name: "Mantener el bloqueo" }).click();
  await ana.at(".bubble", { hasText: "el contacto con personas sigue cerrado" }).waitFor();
  await page.locator(".card .promises").waitFor({ state: "detached" });
  await page.locator(".card-promise", { hasText: "insultos a Bruno" }).waitFor();
  assert.deepEqual([...complaints(page), ...complaints(bruno.page), ...complaints(ana.page)], []);
});
