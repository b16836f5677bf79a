// What was said earlier, and what is left for later.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { House, readBack } from "./support.mjs";

const house = await House.open({ after });
const marta = await house.agent("Marta");

test("who does not want to wait leaves a message, and gets a case with a deadline", async () => {
  const ana = await house.visitor();
  await ana.visits();
  await ana.opens();
  await ana.asks("quiero cambiar la dirección del pedido 1000003", /./);
  await ana.menu("Hablar con una persona");
  await ana.at(".ticket button", { hasText: "Dejar un mensaje" }).click();
  await ana.note(/Caso \S+: respondemos, a más tardar el/).waitFor();
  await ana.at(".ticket").waitFor({ state: "detached" });
  await marta.page.locator(".group-message .slip").first().waitFor();
  assert.deepEqual([...ana.page.complaints, ...marta.page.complaints], []);
  await ana.page.context().close();
});

test("of a long conversation the earlier messages can be seen, by the visitor and by the agent", async () => {
  const luis = await house.visitor();
  await luis.visits();
  await luis.opens();
  await luis.asks("¿a qué hora abren?", /10 a 21/);
  await luis.menu("Hablar con una persona");
  // Not the message of the test before, which can be taken as well.
  await marta.waiting.locator(".stub-claim").waitFor();
  await marta.takes();
  const lines = Array.from({ length: 120 }, (_, i) => `línea número ${i + 1}`);
  // An answer now and then: the server takes no more than so many lines that nobody has answered.
  for (let from = 0; from < lines.length; from += 30) {
    for (const line of lines.slice(from, from + 30)) await luis.types(line);
    await luis.sent(`línea número ${from + 30}`);
    await marta.page.locator(".said-visitor", { hasText: `línea número ${from + 30}` }).waitFor();
    await marta.replies(`Leído hasta la ${from + 30}.`);
  }

  await luis.page.reload();
  await luis.sent("línea número 120");
  assert.ok(!(await luis.said()).includes("¿a qué hora abren?"), "a reload brings the last page");
  const top = luis.at(".row .bubble", { hasText: /./ }).first();
  const read = await top.innerText();
  await luis.at(".log button", { hasText: "Ver mensajes anteriores" }).click();
  await luis.sent("¿a qué hora abren?");
  assert.ok(await luis.at(".row .bubble", { hasText: read }).first().isVisible());
  const said = await luis.said();
  assert.deepEqual(said.filter((text) => text.startsWith("línea")), lines, "each once, in order");
  assert.equal(await luis.at(".log button", { hasText: "Ver mensajes anteriores" }).count(), 0, "there are none before the first");

  await marta.page.reload();
  const log = marta.page.locator(".log");
  await log.locator(".said-visitor", { hasText: "línea número 120" }).waitFor();
  assert.equal(await log.locator(".said-visitor", { hasText: "¿a qué hora abren?" }).count(), 0);
  await readBack(marta.page, 1 + (await log.locator(".said").count()));
  await log.locator(".said-visitor", { hasText: "¿a qué hora abren?" }).waitFor();
  assert.equal(await log.locator(".said-visitor", { hasText: "línea número" }).count(), 120);
  assert.ok((await log.evaluate((view) => view.scrollTop)) > 0, "the reader stays where they were");
  assert.deepEqual([...luis.page.complaints, ...marta.page.complaints], []);
  await luis.page.context().close();
});
