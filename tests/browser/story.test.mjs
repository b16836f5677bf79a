// The demo in seven minutes (docs/demo.md), from the first word to the lead's list.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { complaints, House } from "./support.mjs";

/** An agent's browser that is gone is given up after this time; in the product it is a minute. */
const GRACE = "[limits]\ngrace_ms = 1500\n";

test("from the late parcel to the lead's list", async () => {
  const house = await House.open({ after }, GRACE);
  const ana = await house.agent("Ana");
  const bruno = await house.agent("Bruno", await house.invites("Bruno", "lead"));
  const visitor = await house.visitor({ viewport: { width: 390, height: 780 } });

  // Two in the morning.
  await visitor.visits();
  await visitor.opens();
  await visitor.at(".row.bot", { hasText: "asistente virtual" }).first().waitFor();
  await visitor.choosesStyle("Cercanas");
  const proof = await visitor.asks("donde esta mi pedio 1000007", /correo|postal/i);
  assert.doesNotMatch(proof, /demora/, "nothing about the order before it is shown to be theirs");
  await visitor.asks("28013", /demora/);
  await visitor.taps("dirección", /dirección/i);
  await visitor.asks("Calle del Pez 12, 28004 Madrid", /Calle del Pez 12.*\?/s);
  assert.doesNotMatch((await house.order("1000007")).address, /Pez/, "not before the visitor has said yes");
  await visitor.asks("sí", /Calle del Pez 12/);
  assert.match((await house.order("1000007")).address, /Calle del Pez 12, 28004 Madrid/);

  // A return, with a question in the middle.
  await visitor.asks("quiero devolver el pedido 1000012", /correo|postal/i);
  await visitor.asks("41001", /por qué|motivo/i);
  await visitor.asks("¿hasta qué hora abre la tienda?", /10 a 21/);
  await visitor.at(".row.bot .bubble", { hasText: /por qué|motivo/i }).nth(1).waitFor();
  await visitor.asks("no es mi talla", /¿La empiezo\?/);
  await visitor.asks("sí", /código es|Código:/);

  // The order service is dead: an honest answer and a person.
  await house.ordersAre("dead");
  await visitor.asks("¿y mi reembolso?", /./);
  await visitor.at(".ticket").waitFor();
  await house.ordersAre("ok");

  // Anger, and a person.
  await visitor.types("son unos inútiles, nadie me ayuda");
  await visitor.types("quiero hablar con una persona");
  await bruno.waiting.first().waitFor();
  await ana.takes();
  await visitor.note("Ana ya está en la conversación").waitFor();
  await bruno.waiting.first().waitFor({ state: "detached" });
  await ana.card.getByText("1000012").first().waitFor();
  const card = await ana.card.innerText();
  for (const known of [/español/i, /cercan/i]) assert.match(card, known);
  await ana.replies("Hola, soy Ana. Lo miro ahora.");
  await visitor.agentSays("soy Ana").waitFor();
  const bots = await visitor.at(".row.bot").count();
  await visitor.types("¿a qué hora abren?");
  await ana.page.locator(".said-visitor", { hasText: "¿a qué hora abren?" }).waitFor();
  await ana.replies("De 9 a 19. Un momento.");
  await visitor.agentSays("Un momento").waitFor();
  assert.equal(await visitor.at(".row.bot").count(), bots, "the assistant is silent while a person has it");

  // Ana's browser dies.
  await ana.page.context().close();
  await visitor.note("primer puesto en la fila").waitFor();
  await visitor.at(".ticket b", { hasText: "1" }).waitFor();
  await bruno.takes();
  await visitor.note("Bruno ya está en la conversación").waitFor();
  for (const line of ["donde esta mi pedio 1000007", "soy Ana", "¿a qué hora abren?"]) {
    await bruno.page.locator(".log .said", { hasText: line }).first().waitFor();
  }
  await bruno.replies("Soy Bruno, sigo yo.");
  await visitor.agentSays("sigo yo").waitFor();

  // The server dies. It comes back with the minute that agents really have.
  await house.dies();
  await visitor.types("¿hola? ¿sigue ahí?");
  await visitor.at(".banner.alert a[href^='tel:']").waitFor();
  await visitor.at(".row.held", { hasText: "¿sigue ahí?" }).waitFor();
  await house.serve();
  await visitor.sent("¿sigue ahí?");
  await bruno.page.locator(".said-visitor", { hasText: "¿sigue ahí?" }).waitFor();
  assert.equal((await visitor.said()).filter((text) => text === "¿hola? ¿sigue ahí?").length, 1);
  await bruno.replies("Aquí sigo. El reembolso sale hoy.");
  await visitor.agentSays("El reembolso sale hoy").waitFor();

  // The question.
  await bruno.closesAs("Resuelto");
  const ask = await visitor.at(".closing h3").innerText();
  const taps = await visitor.at(".closing .tap").count();
  assert.ok(taps === 2 || taps === 3, `${taps} taps`);
  await visitor.at(".closing .tap").last().click();
  await visitor.at(".closing input").fill("Dos personas y una caída para un reembolso");
  await visitor.at(".closing input").press("Enter");
  await visitor.at(".closing ~ .row.bot .bubble", { hasText: /Lamentamos.*persona/is }).first().waitFor();
  await visitor.at(".choice:not([disabled])", { hasText: "persona" }).waitFor();

  // The lead's list.
  await bruno.goesTo("Opiniones");
  const row = bruno.page.locator("tbody tr", { hasText: "Dos personas y una caída" }).first();
  await row.waitFor();
  assert.ok((await row.innerText()).includes(ask));
  await row.getByRole("button", { name: "Abrir la conversación" }).click();
  await bruno.page.locator(".log .said", { hasText: "donde esta mi pedio 1000007" }).waitFor();
  await bruno.page.locator(".told", { hasText: ask }).waitFor();
  assert.deepEqual([...complaints(visitor.page), ...complaints(bruno.page)], []);
});
