// `kill -9` in the middle of a conversation, and a restart on the same port and data.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { complaints, House } from "./support.mjs";

const house = await House.open({ after });

test("nothing is lost and nothing comes twice when the server dies", async () => {
  const marta = await house.agent("Marta");
  const ana = await house.visitor();
  await ana.visits();
  await ana.opens();
  await ana.asks("¿a qué hora abren?", /10 a 21/);
  await ana.menu("Hablar con una persona");
  await marta.takes();
  await marta.replies("Hola, soy Marta.");
  await ana.agentSays("soy Marta").waitFor();
  await ana.types("antes");
  await ana.sent("antes");

  await house.dies();
  await ana.types("durante, uno");
  await ana.types("durante, dos");
  await ana.at(".banner.alert").waitFor();
  await ana.at(".row.held").nth(1).waitFor();
  await marta.page.locator(".banner-bad").waitFor();
  await marta.page.locator(".field textarea").fill("escrito sin servidor");
  await marta.page.locator(".field textarea").press("Enter");
  await marta.page.locator(".pending").waitFor();
  await house.serve();

  await ana.sent("durante, dos");
  await ana.agentSays("escrito sin servidor").waitFor();
  await ana.at(".banner.alert").waitFor({ state: "detached" });
  await marta.page.locator(".pending").waitFor({ state: "detached" });
  await marta.page.locator(".said-visitor", { hasText: "durante, dos" }).waitFor();
  assert.deepEqual((await ana.said()).slice(-3), ["antes", "durante, uno", "durante, dos"]);
  const agent = marta.page.locator(".said-agent .words");
  assert.deepEqual(await agent.allInnerTexts(), ["Hola, soy Marta.", "escrito sin servidor"]);

  const was = await ana.bubbles();
  await ana.page.reload();
  await ana.agentSays("escrito sin servidor").waitFor();
  await ana.sent("durante, dos");
  assert.deepEqual(await ana.bubbles(), was);
  await marta.page.reload();
  await agent.nth(1).waitFor();
  assert.deepEqual(await agent.allInnerTexts(), ["Hola, soy Marta.", "escrito sin servidor"]);

  await ana.types("después");
  await marta.page.locator(".said-visitor", { hasText: "después" }).waitFor();
  assert.deepEqual([...complaints(ana.page), ...complaints(marta.page)], []);
});
