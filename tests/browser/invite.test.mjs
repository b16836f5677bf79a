// A proactive message beside the launcher, and what is remembered in the menu.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { accessible, complaints, House } from "./support.mjs";

const house = await House.open({ after }, "", undefined, "intents");
writeFileSync(
  join(house.intents, "proactive.yaml"),
  'help:\n  pages: [/demo]\n  after_seconds: 1\n  say: {es: "¿Alguna duda con las tallas?", en: "Any question about sizes?"}\n  choices: [size_guide]\n',
);

/** The server has read the file. */
async function learnt() {
  const here = `${house.base}/v1/visitor/invites?site=es&lang=es&page=/demo`;
  for (;;) {
    const { invites } = await (await fetch(here)).json();
    if (invites.length) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test("a bubble comes once a visit, by itself, is reached by keyboard, stays away once put away, and opens the panel with its message", async () => {
  await learnt();
  const ana = await house.visitor({ reducedMotion: "reduce" });
  await ana.visits();
  const bubble = ana.at(".invite");
  await bubble.getByText("¿Alguna duda con las tallas?").waitFor();
  assert.ok(await ana.at(".panel").isHidden(), "the panel does not open by itself");
  assert.equal(await bubble.getAttribute("role"), "status");
  assert.equal(await bubble.evaluate((node) => getComputedStyle(node).animationName), "none");
  await accessible(ana.page, "the bubble");
  await ana.at(".launcher").focus();
  await ana.page.keyboard.press("Tab");
  await ana.page.keyboard.press("Enter");
  await ana.at(".row.bot", { hasText: "¿Alguna duda con las tallas?" }).waitFor();
  await bubble.waitFor({ state: "detached" });
  assert.deepEqual(await ana.at(".choice").allInnerTexts(), ["Guía de tallas"]);
  await ana.taps("Guía de tallas", /guía/);

  // Somebody else puts it away with a key; the next page of the visit has none.
  const eva = await house.visitor();
  await eva.visits();
  await eva.at(".invite button").first().waitFor();
  await eva.at(".invite button").first().focus();
  await eva.page.keyboard.press("Escape");
  await eva.at(".invite").waitFor({ state: "detached" });
  const asked = [];
  eva.page.on("request", (request) => request.url().includes("/invites") && asked.push(request.url()));
  await eva.visits();
  await eva.opens();
  assert.deepEqual(asked, [], "not asked again in this visit");
  assert.deepEqual([...complaints(ana.page), ...complaints(eva.page)], []);
});

test("what is remembered is seen from the menu and forgotten with a tap", async () => {
  const ana = await house.visitor();
  await ana.visits();
  await ana.opens();
  await ana.asks("calzo un 39, ¿qué talla me pido?", /¿Recuerdo la talla \(39\)/);
  await ana.taps("Sí", /^Hecho/);
  await ana.menu("Memoria");
  await ana.at(".choice", { hasText: "Olvidar la talla" }).waitFor();
  await accessible(ana.page, "what is remembered");
  await ana.taps("Olvidar la talla", /ya no se recuerda la talla/);
  assert.deepEqual(complaints(ana.page), []);
});
