// What a visitor may rely on: an answer, nothing lost and nothing twice, over a reload, a second tab, a broken line.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { complaints, House } from "./support.mjs";

const house = await House.open({ after });

test("is answered on a page of another origin with a strict content policy", async () => {
  const ana = await house.visitor();
  const policy = ana.page.waitForResponse(`${house.shop}?site=es`).then((page) => page.headers()["content-security-policy"]);
  await ana.visits();
  assert.match(await policy, /default-src 'none'.*require-trusted-types-for 'script'/);
  assert.equal(new URL(ana.page.url()).hostname, "localhost");
  const server = await ana.page.locator("script[src*=embed]").getAttribute("src");
  assert.equal(new URL(server).hostname, "127.0.0.1");
  await ana.opens();
  assert.match(await ana.asks("¿a qué hora abren?", /10 a 21/), /10 a 21/);
  assert.deepEqual(ana.page.complaints, []);
  await ana.page.context().close();
});

test("may type with a keyboard, leave the field with Tab and send with Enter", async () => {
  const ana = await house.visitor();
  await ana.visits();
  await ana.opens();
  await ana.field.focus();
  await ana.page.keyboard.type("¿a qué hora abren?");
  assert.equal(await ana.field.inputValue(), "¿a qué hora abren?");
  const focused = () => ana.field.evaluate((field) => field.getRootNode().activeElement === field);
  await ana.page.keyboard.press("Tab");
  assert.equal(await focused(), false);
  await ana.page.keyboard.press("Shift+Tab");
  assert.equal(await focused(), true);
  await ana.page.keyboard.press("Enter");
  await ana.sent("¿a qué hora abren?");
  await ana.page.context().close();
});

test("finds the Spanish shop where no site is named, as docs/demo.md says", async () => {
  const ana = await house.visitor();
  await ana.visits("");
  assert.equal(await ana.page.locator("html").getAttribute("data-site"), "es");
  await ana.page.context().close();
});

test("finds after a reload the same messages, the panel open, the draft", async () => {
  const ana = await house.visitor();
  await ana.visits();
  await ana.opens();
  await ana.asks("¿a qué hora abren?", /10 a 21/);
  await ana.sent("¿a qué hora abren?");
  const was = await ana.bubbles();
  await ana.field.fill("y el sábado, ¿también? ñ");
  await ana.page.reload();
  await ana.at(".row.bot .bubble", { hasText: "10 a 21" }).first().waitFor();
  assert.deepEqual(await ana.bubbles(), was);
  assert.equal(await ana.at(".panel").isVisible(), true);
  assert.equal(await ana.field.inputValue(), "y el sábado, ¿también? ñ");
  assert.deepEqual(ana.page.complaints, []);
  await ana.page.context().close();
});

test("may write without a connection: it arrives once, in order", async () => {
  const ana = await house.visitor();
  await ana.visits();
  await ana.opens();
  await ana.asks("hola", /./);
  await ana.page.context().setOffline(true);
  await ana.at(".banner.alert").waitFor();
  await ana.types("¿qué formas de pago hay?");
  await ana.types("¿y cuánto cuesta el envío?");
  await ana.at(".row.held").nth(1).waitFor();
  await ana.page.context().setOffline(false);
  await ana.sent("¿y cuánto cuesta el envío?");
  await ana.at(".row.held").first().waitFor({ state: "detached" });
  const all = ["hola", "¿qué formas de pago hay?", "¿y cuánto cuesta el envío?"];
  assert.deepEqual(await ana.said(), all);
  await ana.page.reload();
  await ana.at(".row.visitor").nth(2).waitFor();
  assert.deepEqual(await ana.said(), all, "so the server has it too");
  assert.deepEqual(complaints(ana.page), []);
  await ana.page.context().close();
});

test("has one conversation in two tabs", async () => {
  const first = await house.visitor();
  await first.visits();
  await first.opens();
  await first.asks("¿a qué hora abren?", /10 a 21/);
  const second = await first.secondTab();
  await second.visits();
  await second.at(".launcher").click();
  await second.sent("¿a qué hora abren?");
  await first.types("gracias, eso es todo por ahora");
  await second.sent("gracias, eso es todo por ahora");
  await second.types("una cosa más");
  await first.sent("una cosa más");
  await second.sent("una cosa más");
  const all = ["¿a qué hora abren?", "gracias, eso es todo por ahora", "una cosa más"];
  assert.deepEqual(await first.said(), all);
  assert.deepEqual(await second.said(), all);
  assert.deepEqual([...first.page.complaints, ...second.page.complaints], []);
  await first.page.context().close();
});
