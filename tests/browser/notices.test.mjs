// What reaches an agent who looks elsewhere: tones, lines on the desktop, the tab's title and mark, and what was put aside when its time has come.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { complaints, House, teams } from "./support.mjs";

const house = await House.open({ after }, "", teams(`
    routing: {policy: longest_idle, offer_seconds: 300}`));

/** The tones of an offer. */
const OFFER = [587, 784, 587, 784];
/** Those of a conversation that comes to this agent by itself. */
const MINE = [523, 659, 784];

/** Notes each tone that is played and each line on the desktop; `away` puts the window out of sight. */
function listen() {
  window.heard = [];
  window.shown = [];
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (...when) {
    if (this.context.state === "running") window.heard.push(Math.round(this.frequency.value));
    return start.apply(this, when);
  };
  const Plain = window.Notification;
  window.Notification = class extends Plain {
    constructor(title, options) {
      super(title, options);
      window.shown.push([title, options.body]);
    }
  };
  let hidden = false;
  Object.defineProperty(document, "hidden", { get: () => hidden });
  window.away = (is) => {
    hidden = is;
    document.dispatchEvent(new Event("visibilitychange"));
  };
}

test("an offer is heard once, shown on the desktop, in the title and in the tab's mark; what was put aside comes back with its reminder", async () => {
  const page = await house.page({ permissions: ["notifications"] });
  await page.addInitScript(listen);
  const marta = await house.agent("Marta", house.setup, { page });
  const heard = () => page.evaluate(() => window.heard.splice(0));
  const shown = () => page.evaluate(() => window.shown.splice(0));
  const icon = () => page.locator('link[rel="icon"]').getAttribute("href");
  const red = encodeURIComponent("#c8341f");
  assert.equal(await page.evaluate(() => Notification.permission), "granted");

  await page.locator("[popovertarget=menu]").click();
  await page.locator("#menu", { hasText: "Avisos de escritorio" }).waitFor();
  await page.getByRole("button", { name: "Probar sonido" }).click();
  await page.waitForFunction((count) => window.heard.length >= count, OFFER.length);
  assert.deepEqual(await heard(), OFFER, "the button plays what an offer sounds like");
  await page.keyboard.press("Escape");
  assert.ok(!(await icon()).includes(red));

  await page.evaluate(() => window.away(true));
  const ana = await house.visitor();
  await ana.visits();
  await ana.opens();
  await ana.asks("quiero cambiar la dirección del pedido 1000003", /./);
  await ana.menu("Hablar con una persona");
  await marta.offer.waitFor();
  await page.waitForFunction((count) => document.title.startsWith("(1) ") && window.heard.length >= count && window.shown.length > 0, OFFER.length);
  assert.deepEqual(await heard(), OFFER, "once");
  const [[title, line], ...more] = await shown();
  assert.equal(title, "Ventanilla");
  assert.match(line, /^Oferta: /);
  assert.ok(!line.includes("1000003"), "nothing of what the visitor wrote");
  assert.deepEqual(more, []);
  assert.ok((await icon()).includes(red));

  await page.evaluate(() => window.away(false));
  await marta.offer.getByRole("button", { name: "Aceptar" }).click();
  await marta.replies("Lo miro y te digo en un rato.");
  await page.waitForFunction(() => !document.title.startsWith("("));
  assert.ok(!(await icon()).includes(red));
  assert.deepEqual(await heard(), [], "one's own acts are silent");

  // A line that comes while the window is away.
  await page.evaluate(() => window.away(true));
  await ana.types("gracias, espero");
  await page.waitForFunction(() => window.heard.length === 1 && window.shown.length === 1);
  assert.deepEqual(await heard(), [740]);
  assert.equal((await shown()).length, 1);
  await page.evaluate(() => window.away(false));
  await marta.replies("Hasta ahora.");

  // Put aside for a few seconds: the field takes them where a hand would choose minutes. In one go, so that they are ahead on the slowest machine.
  await marta.acts("Posponer");
  await page.locator("dialog[open] .option", { hasText: "Otro momento" }).click();
  await page.locator("dialog[open] input[type=datetime-local]").waitFor();
  await page.evaluate(async () => {
    window.away(true);
    const field = document.querySelector("dialog[open] input[type=datetime-local]");
    const at = new Date(Date.now() + 4_000);
    field.value = new Date(at - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    // What the field says is drawn before the form is sent.
    await new Promise(requestAnimationFrame);
    field.form.requestSubmit();
  });
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await page.locator(".toast", { hasText: "Vuelve una conversación pospuesta" }).waitFor();
  await page.locator(".group-mine .slip").waitFor();
  await page.waitForFunction((count) => window.heard.length >= count && window.shown.length > 0, MINE.length);
  assert.deepEqual(await heard(), MINE);
  assert.deepEqual(await shown(), [["Ventanilla", "Vuelve una conversación pospuesta."]]);

  // Without sound the rest stays.
  await page.evaluate(() => window.away(false));
  await page.locator("[popovertarget=menu]").click();
  await page.locator("#menu .check input").first().uncheck();
  await page.keyboard.press("Escape");
  await page.evaluate(() => window.away(true));
  await ana.types("¿sigues ahí?");
  await page.waitForFunction(() => window.shown.length === 1);
  assert.deepEqual(await heard(), []);
  assert.deepEqual([...complaints(page), ...complaints(ana.page)], []);
});
