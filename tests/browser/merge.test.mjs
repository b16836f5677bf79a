// Somebody writes from the phone and from the laptop: the agent makes one conversation of the two, and two again.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { House, accessible } from "./support.mjs";

const house = await House.open({ after });
const marta = await house.agent("Marta");

/** Shows by the mail address that order 1000007 is theirs, and asks for a person. */
async function shows(visitor) {
  await visitor.visits();
  await visitor.opens();
  await visitor.asks("donde está mi pedido 1000007", /correo|postal/i);
  await visitor.asks("ana.garcia@example.com", /demora/);
  await visitor.menu("Hablar con una persona");
}

test("two devices of one person come into one conversation and go apart again", async () => {
  const phone = await house.visitor();
  await shows(phone);
  await marta.takes();
  await phone.note("Marta ya está en la conversación").waitFor();
  const laptop = await house.visitor();
  await shows(laptop);
  await laptop.types("y además la caja llegó abierta");

  const others = marta.card.locator(".card-related");
  await others.getByText("También escribió en otra conversación").waitFor();
  await others.getByText("Leerla aquí").click();
  await others.getByText("la caja llegó abierta").waitFor();
  await accessible(marta.page, "another conversation on the card");
  await others.getByRole("button", { name: "Unir a esta" }).click();
  await marta.page.getByText("Marta unió aquí la otra conversación de esta persona.").waitFor();
  await laptop.note("Marta ya está en la conversación").waitFor();
  // What was said in the other half stands in the one that goes on, for the visitor and for the agent.
  await phone.at(".log", { hasText: "Desde la otra conversación" }).waitFor();
  await phone.sent("y además la caja llegó abierta");
  await marta.page.getByText("Desde la otra conversación").waitFor();
  await marta.page.locator(".story-lines", { hasText: "la caja llegó abierta" }).first().waitFor();
  await laptop.types("soy yo, desde el portátil");
  await marta.page.locator(".said-visitor", { hasText: "desde el portátil" }).waitFor();
  await marta.replies("Ya lo veo todo junto.");
  await phone.agentSays("Ya lo veo todo junto.").waitFor();
  await laptop.agentSays("Ya lo veo todo junto.").waitFor();
  await laptop.page.reload();
  await laptop.agentSays("Ya lo veo todo junto.").waitFor();

  await others.getByRole("button", { name: "Separar" }).click();
  await laptop.agentSays("Ya lo veo todo junto.").waitFor({ state: "detached" });
  await laptop.sent("la caja llegó abierta");
  await phone.at(".log", { hasNotText: "la caja llegó abierta" }).waitFor();
  assert.deepEqual([...phone.page.complaints, ...laptop.page.complaints, ...marta.page.complaints], []);
});
