// A crisis drill: many ask the same, the lead is told and posts a notice from a small phone, three open chats see it at once, answers begin with it,
// somebody subscribes, and after a restart all concerned have been told that it is over.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { complaints, everywhere, House } from "./support.mjs";

const house = await House.open({ after });
const SMALL = { viewport: { width: 320, height: 568 } };

/** Somebody on another channel writes. */
async function writes(sender, message) {
  const answer = await fetch(`${house.base}/webhooks/rest/webhook`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ sender, message }),
  });
  assert.equal(answer.status, 200);
}

const notice = (visitor) => visitor.at(".notices details").first();

test("a crisis is noticed, told from a phone before it is asked about, and its end is told after a restart", async () => {
  const marta = await house.agent("Marta", house.setup);
  const visitors = [];
  for (let n = 0; n < 3; n++) {
    const visitor = await house.visitor();
    await visitor.visits();
    await visitor.opens();
    visitors.push(visitor);
  }
  const [ana, eva, leo] = visitors;
  await leo.asks("¿a qué hora abren las tiendas?", /Madrid/);

  // A shop of its first day expects one in an hour and takes its time to be sure; one with a past is sure before the tenth.
  for (let n = 0; n < 25; n++) await writes(`smoke-${n}`, "me rechaza la tarjeta");
  await marta.page.reload();
  const smoke = marta.page.locator(".banner", { hasText: "Suben las consultas sobre «Me rechazan el pago»" });
  await smoke.waitFor();
  await everywhere(marta.page, "crisis-smoke");

  // From here on the lead has a phone.
  await marta.page.setViewportSize(SMALL.viewport);
  await smoke.getByRole("link", { name: "Preparar un aviso" }).click();
  const form = marta.page.locator("form");
  assert.equal(await form.getByLabel("Título").inputValue(), "Fallo en los pagos con tarjeta");
  await everywhere(marta.page, "crisis-form", [[320, 568]]);
  await marta.page.setViewportSize(SMALL.viewport);
  const seen = Promise.all(visitors.map((visitor) => notice(visitor).waitFor().then(() => Date.now())));
  const posted = marta.page.waitForResponse((answer) => answer.url().includes("/v1/notices/") && answer.request().method() === "PUT").then(() => Date.now());
  await form.getByRole("button", { name: "Publicar" }).click();
  const [answered, times] = await Promise.all([posted, seen]);
  console.log(`in three open chats ${times.map((at) => at - answered).join(", ")} ms after the answer to the post`);
  assert.match(await notice(ana).innerText(), /Fallo en los pagos con tarjeta[^]*Pedimos disculpas[^]*Próxima novedad: (hoy|mañana)/);
  await smoke.waitFor({ state: "detached" });
  await everywhere(ana.page, "crisis-notice");

  // The covered topic answers with it; another one does not.
  assert.match(await eva.asks("me rechaza la tarjeta", /Pedimos disculpas: es un problema nuestro/), /Los pagos con tarjeta fallan/);
  await ana.at(".notices button", { hasText: "Avisar cuando se resuelva" }).click();
  await ana.note("Aquí mismo avisamos cuando se resuelva").waitFor();
  await ana.at(".notices p", { hasText: "Aquí mismo avisamos" }).waitFor();

  // It is put away by a tap, and stays so.
  await notice(leo).locator("summary").click();
  // The lead's picture is made anew every 30 seconds, and with the page.
  await marta.page.reload();
  await marta.page.locator(".card-line", { hasText: "1 persona quiere saber" }).waitFor();
  marta.page.once("dialog", (dialog) => void dialog.accept());
  await marta.page.getByRole("button", { name: "Ya está resuelto" }).click();
  for (const visitor of visitors) await notice(visitor).waitFor({ state: "detached" });

  await house.dies();
  await house.serve();
  for (const visitor of [ana, eva]) {
    await visitor.at(".row.bot .bubble", { hasText: "Ya se puede pagar con tarjeta otra vez" }).first().waitFor();
    assert.equal(await visitor.at(".row.bot .bubble", { hasText: "Ya se puede pagar con tarjeta otra vez" }).count(), 1);
  }
  assert.equal(await leo.at(".row.bot .bubble", { hasText: "Ya se puede pagar" }).count(), 0);
  for (const { page } of [...visitors, marta]) assert.deepEqual(complaints(page), []);
});
