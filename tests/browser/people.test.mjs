// A person takes over, and what the visitor says at the end reaches the lead.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { House } from "./support.mjs";

const house = await House.open({ after });
const marta = await house.agent("Marta");

test("an agent takes over with the order number on the card, and the visitor reads the reply", async () => {
  const ana = await house.visitor();
  await ana.visits();
  await ana.opens();
  await ana.asks("quiero cambiar la dirección del pedido 1000003", /./);
  await ana.menu("Hablar con una persona");
  await ana.at(".ticket").waitFor();
  await marta.takes();
  await ana.note("Marta ya está en la conversación").waitFor();
  assert.equal(await ana.at(".ticket").count(), 0);
  await marta.card.getByText("1000003", { exact: true }).waitFor();
  await marta.replies("Hola, soy Marta. Ya leí la conversación.");
  await ana.agentSays("Ya leí la conversación.").waitFor();
  await ana.types("¡gracias! ¿lo cambias tú?");
  await marta.page.locator(".said-visitor", { hasText: "¿lo cambias tú?" }).waitFor();
  await marta.closesAs("Resuelto");
  await ana.at(".closing").waitFor();
  assert.deepEqual([...ana.page.complaints, ...marta.page.complaints], []);
  await ana.page.context().close();
});

test("one tap answers the closing question; the reply comes, and the opinion is on the lead's list", async () => {
  const luis = await house.visitor();
  await luis.visits();
  await luis.opens();
  await luis.choosesStyle("Cercanas");
  await luis.asks("¿qué formas de pago hay?", /./);
  await luis.menu("Terminar la conversación");
  const ask = await luis.at(".closing h3").innerText();
  const tap = await luis.at(".closing .tap").last().innerText();
  await luis.at(".closing .tap").last().click();
  await luis.at(".closing input").fill("No dice nada de Bizum");
  await luis.at(".closing input").press("Enter");
  await luis.at(".closing ~ .row.bot .bubble").first().waitFor();
  await luis.sent("No dice nada de Bizum");
  assert.equal(await luis.at(".panel").evaluate((panel) => panel.scrollLeft), 0, "nothing moves sideways, whatever has the focus");
  await marta.goesTo("Opiniones");
  const row = marta.page.locator("tbody tr", { hasText: "No dice nada de Bizum" });
  // Each of the two lists is asked for by itself.
  await row.nth(1).waitFor();
  for (const told of [ask, tap]) assert.ok((await row.first().innerText()).includes(told), told);
  assert.doesNotMatch(await row.first().innerText(), /\w_\w/, "titles, not ids");
  assert.equal(await row.count(), 2, "on the list of those to look after, and among all");
  await row.first().getByRole("button", { name: "Hecho" }).click();
  await row.nth(1).waitFor({ state: "detached" });
  const lists = ["negative", "still_stuck", "incident", "doubt"].map((kind) => `/v1/feedback?kind=${kind}&handled=false`);
  const read = Promise.all(lists.map((list) => marta.page.waitForResponse((answer) => answer.url().endsWith(list))));
  await marta.page.reload();
  for (const answer of await read) assert.deepEqual((await answer.json()).answers, []);
  await row.first().waitFor();
  assert.equal(await row.count(), 1, "who was looked after is on the list of all alone");
  assert.deepEqual([...luis.page.complaints, ...marta.page.complaints], []);
  await luis.page.context().close();
});
