// A photo from the visitor, a document from the agent, and what is refused.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { complaints, House } from "./support.mjs";

const house = await House.open({ after });
const marta = await house.agent("Marta");

/** A picture made by a browser, so that it is a real one. */
async function picture(page, name) {
  return { name, mimeType: "image/png", buffer: await page.screenshot({ clip: { x: 0, y: 0, width: 40, height: 40 } }) };
}

const PDF = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");

/** What comes when the file's name is pressed. */
async function fetched(page, press) {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test("files go both ways, and what is no picture and no document is refused in words", async () => {
  const ana = await house.visitor();
  await ana.visits();
  await ana.opens();
  await ana.asks("quiero cambiar la dirección del pedido 1000003", /./);
  await ana.menu("Hablar con una persona");
  await marta.takes();

  // The visitor's photo, from the shop's page on another origin.
  const photo = await picture(ana.page, "caja rota ñ.png");
  await ana.at("input[type=file]").setInputFiles(photo);
  const theirs = marta.page.locator(".said-visitor .attached button", { hasText: "caja rota ñ.png" });
  await theirs.waitFor();
  const seen = await fetched(marta.page, () => theirs.click());
  assert.equal(seen.name, "caja rota ñ.png");
  assert.equal(seen.bytes.subarray(1, 4).toString(), "PNG");
  await ana.at(".row.visitor .bubble button", { hasText: "caja rota ñ.png" }).waitFor();

  // The agent's document.
  const field = marta.page.locator(".attach input");
  await field.setInputFiles({ name: "etiqueta.pdf", mimeType: "application/pdf", buffer: PDF });
  const sent = ana.at(".row.agent .bubble button", { hasText: "etiqueta.pdf" });
  await sent.waitFor();
  await marta.page.locator(".said-agent .attached", { hasText: "etiqueta.pdf" }).waitFor();
  const got = await fetched(ana.page, () => sent.click());
  assert.deepEqual([got.name, got.bytes], ["etiqueta.pdf", PDF]);
  assert.equal(new URL(ana.page.url()).pathname, "/demo", "the shop's page stays");

  // What is refused stays, and says why.
  await field.setInputFiles({ name: "programa.pdf", mimeType: "application/pdf", buffer: Buffer.from("MZ\u0090\u0000 this is a program") });
  const refused = marta.page.locator(".pending-failed", { hasText: "programa.pdf" });
  await refused.getByText("ese tipo de archivo no se puede enviar").waitFor();
  await refused.getByRole("button", { name: "Descartar" }).click();
  await refused.waitFor({ state: "detached" });
  await ana.at("input[type=file]").setInputFiles({ name: "virus.png", mimeType: "image/png", buffer: Buffer.from("no soy una foto") });
  await ana.at(".banner", { hasText: "solo fotos y PDF" }).waitFor();

  // Both find everything after a reload.
  await ana.page.reload();
  await ana.at(".row.agent .bubble button", { hasText: "etiqueta.pdf" }).waitFor();
  assert.equal(await ana.at(".bubble button").count(), 2);
  // A refused upload is an answer of the server, which a browser writes down as an error of its own.
  const loud = (page) => complaints(page).filter((text) => !/status of 4(15|22)/.test(text));
  assert.deepEqual([...loud(ana.page), ...loud(marta.page)], []);
});
