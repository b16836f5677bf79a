// Who leaves a message takes its receipt home, has it sent, and comes back by the link in the mail.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { after, test } from "node:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessible, House, until } from "./support.mjs";

const folder = mkdtempSync(join(tmpdir(), "ventanilla-mail-"));
const house = await House.open({ after }, `[mail]\nfrom = "Mareas <hola@mareas.example>"\nfolder = "${folder}"\n`);
after(() => rmSync(folder, { recursive: true, force: true }));

/** The plain text of the first mail that comes and names this, its soft line breaks undone. */
function mail(named) {
  return until(() => {
    const mails = readdirSync(folder).filter((name) => name.endsWith(".eml")).map((name) => readFileSync(join(folder, name), "utf8"));
    return mails.map((text) => text.replace(/=\r?\n/g, "").replaceAll("=3D", "=")).find((text) => text.includes(named));
  }, `no mail came that names ${named}`);
}

test("the receipt of a case: on the page, by mail, and back by its link", async () => {
  const ana = await house.visitor();
  await ana.visits();
  await ana.opens();
  await ana.menu("Hablar con una persona");
  await ana.at(".row.bot .bubble", { hasText: "¿Qué le digo al equipo?" }).waitFor();
  await ana.types("Me llegó el hervidor roto");
  const note = ana.note(/Caso \S+: respondemos, a más tardar el/);
  await note.waitFor();
  const number = /Caso (\S+):/.exec(await note.innerText())[1];
  await ana.types("ana@example.org");
  await ana.at(".row.bot .bubble", { hasText: "también llega a ana@example.org" }).waitFor();

  const [page] = await Promise.all([ana.page.context().waitForEvent("page"), note.getByRole("link", { name: "Comprobante" }).click()]);
  await page.getByText(number).first().waitFor();
  await page.getByText("Me llegó el hervidor roto").waitFor();
  await accessible(page, "receipt");
  await page.close();

  await note.getByRole("button", { name: "Enviar por correo" }).click();
  await ana.note("Se envía por correo").waitFor();
  const letter = await mail(number);
  assert.match(letter, /^To: .*ana@example\.org/m);
  const link = new URL(/https?:\/\/\S+\/r\/[\w-]+/.exec(letter)[0]);

  // Another device: no cookie, no storage.
  const elsewhere = await house.visitor({ viewport: { width: 390, height: 780 } });
  await elsewhere.page.goto(house.base + link.pathname);
  await accessible(elsewhere.page, "link");
  await elsewhere.page.getByRole("button", { name: "Abrir la conversación" }).click();
  await elsewhere.sent("Me llegó el hervidor roto");
  await elsewhere.types("¿hay novedades?");
  await ana.sent("¿hay novedades?");
  assert.deepEqual([...ana.page.complaints, ...elsewhere.page.complaints], []);
});

test("whoever left no address is asked for it in place", async () => {
  const eva = await house.visitor({ viewport: { width: 320, height: 640 } });
  await eva.visits();
  await eva.opens();
  await eva.menu("Hablar con una persona");
  await eva.at(".row.bot .bubble", { hasText: "¿Qué le digo al equipo?" }).waitFor();
  await eva.types("Me llegó roto");
  const note = eva.note(/Caso \S+: respondemos/);
  await note.getByRole("button", { name: "Enviar por correo" }).click();
  const field = note.getByLabel("Correo");
  await field.fill("eva@example");
  await field.press("Enter");
  await eva.at(".banner", { hasText: "Ese correo no es válido." }).waitFor();
  assert.equal(await field.inputValue(), "eva@example", "what was written can be mended");
  await accessible(eva.page, "address");
  await field.fill("eva@example.org");
  await field.press("Enter");
  await eva.note("Se envía por correo").waitFor();
  await note.getByRole("button", { name: "Enviar por correo" }).waitFor();
  assert.deepEqual(eva.page.complaints, []);
});
