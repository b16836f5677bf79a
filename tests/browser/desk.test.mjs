// Agents together: a race for one visitor, an offer that goes on to the next, transfers, many chats of one cause, and no mouse at all.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { complaints, heldLine, House, teams } from "./support.mjs";

/** Agents take what they want. */
const byHand = await House.open({ after }, "", teams(""));
/** The server offers, in turn; an offer stands as long as a test. */
const routed = await House.open({ after }, "", teams(`
    routing: {policy: longest_idle, offer_seconds: 300}
    wrap_up: {answered: {es: "Consulta resuelta", en: "Question answered"}}`));

/** The first agent of a house signs up with its own link. */
const inTurn = await routed.agent("Marta");
/** Whoever takes what they want, and the line from the server to them. */
async function taker(name, link) {
  const page = await byHand.page();
  const line = await heldLine(page);
  return { agent: await byHand.agent(name, link, { page }), line };
}
const { agent: atHand, line: martasLine } = await taker("Marta");

async function waits(house, words = "quiero cambiar la dirección del pedido 1000003") {
  const visitor = await house.visitor();
  await visitor.visits();
  await visitor.opens();
  await visitor.asks(words, /./);
  await visitor.menu("Hablar con una persona");
  await visitor.at(".ticket, .note").first().waitFor();
  return visitor;
}

test("two agents race for one visitor: one gets them, the other is told", async () => {
  const [house, marta] = [byHand, atHand];
  const { agent: bruno, line: brunosLine } = await taker("Bruno", await house.invites("Bruno", "agent"));
  const ana = await waits(house);
  const agents = [marta, bruno];
  for (const agent of agents) await agent.waiting.first().waitFor();
  // Each reaches for them before either hears what became of it.
  for (const line of [martasLine, brunosLine]) line.holds();
  for (const { page } of agents) await page.keyboard.press("a");
  await ana.note("ya está en la conversación").waitFor();
  for (const line of [martasLine, brunosLine]) line.releases();
  await Promise.all(agents.map(({ page }) => page.locator(".group-waiting .slip").waitFor({ state: "detached" })));
  const winner = await Promise.any(agents.map((agent) => agent.page.locator(".group-mine .slip").waitFor().then(() => agent)));
  const [loser] = agents.filter((agent) => agent !== winner);
  await loser.page.locator(".toast", { hasText: /atiende/ }).first().waitFor();
  assert.equal(await loser.page.locator(".group-mine .slip").count(), 0, "one has it");
  assert.equal(await loser.page.locator(".field textarea").count(), 0, "and the other cannot answer");
  assert.deepEqual([...complaints(marta.page), ...complaints(bruno.page), ...complaints(ana.page)], []);
  // Nothing is left that would come back to the queue when whoever has it is gone.
  await ana.menu("Terminar la conversación");
  await winner.page.locator(".group-mine .slip").waitFor({ state: "detached" });
  await bruno.page.context().close();
  await ana.page.context().close();
});

test("an offer that is let pass goes to the next; a transfer is accepted, or comes back to the team", async () => {
  const [house, marta] = [routed, inTurn];
  const bruno = await house.agent("Bruno", await house.invites("Bruno", "agent"));
  const ana = await waits(house);
  // Whoever has been idle longer is asked first.
  await marta.offer.waitFor();
  await bruno.page.locator(".group-waiting .mark", { hasText: "Ofrecida a Marta" }).waitFor();
  assert.equal(await bruno.page.locator(".stub-claim").count(), 0, "what is offered to a colleague is theirs to take");
  await marta.page.keyboard.press("d");
  await marta.offer.waitFor({ state: "detached" });
  await bruno.offer.waitFor();
  await bruno.offer.getByRole("button", { name: "Aceptar" }).click();
  await bruno.replies("Hola, soy Bruno.");

  const handOver = async (from, to, note) => {
    await from.acts("Traspasar");
    await from.page.keyboard.type(to);
    await from.page.keyboard.press("Enter");
    await from.page.keyboard.type(note);
    await from.page.keyboard.press("Enter");
    await from.page.locator("dialog[open]").waitFor({ state: "detached" });
  };
  await handOver(bruno, "marta", "Pide el reembolso del envío.");
  await marta.offer.waitFor();
  assert.match(await marta.offer.locator(".offer-note").innerText(), /La traspasa Bruno:\s*Pide el reembolso del envío\./, "before it is accepted");
  await marta.offer.getByRole("button", { name: "Aceptar" }).click();
  await marta.page.locator(".told", { hasText: "Pide el reembolso del envío." }).waitFor();
  await marta.replies("Hola, soy Marta, ya leí todo.");
  await ana.agentSays("ya leí todo").waitFor();
  assert.ok(!(await ana.at(".log").innerText()).includes("Pide el reembolso"), "the note is ours alone");

  await handOver(marta, "bruno", "¿La sigues tú?");
  await bruno.offer.waitFor();
  await bruno.offer.getByRole("button", { name: "Pasar" }).click();
  await bruno.offer.waitFor({ state: "detached" });
  await marta.page.locator(".group-waiting .slip, .group-offered .slip").first().waitFor();
  await ana.at(".ticket").waitFor();
  assert.deepEqual([...complaints(marta.page), ...complaints(bruno.page), ...complaints(ana.page)], []);
  await bruno.page.context().close();
  await ana.menu("Terminar la conversación");
  await marta.page.locator(".slip").waitFor({ state: "detached" });
  await ana.page.context().close();
});

test("a whole conversation by keyboard only", async () => {
  const [house, marta] = [routed, inTurn];
  const { page } = marta;
  const { keyboard } = page;
  const gone = () => page.locator("dialog[open]").waitFor({ state: "detached" });
  // From here on no mouse.
  await keyboard.press("Control+k");
  await page.locator("dialog[open] input").waitFor();
  await keyboard.type("respuestas");
  await keyboard.press("Enter");
  const short = page.getByLabel("Atajo", { exact: true });
  await short.waitFor();
  await short.focus();
  await keyboard.type("hola");
  await keyboard.press("Tab");
  await keyboard.type("Saludo");
  await keyboard.press("Tab");
  await keyboard.type("Hola {visitor}, soy {agent}. ¿Es el pedido {order_number}?");
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await page.locator(".card-line", { hasText: "/hola" }).waitFor();

  const ana = await waits(house);
  await marta.offer.waitFor();
  await keyboard.press("a");
  await page.locator(".field textarea").waitFor();
  // A reply is filled with what is known of the visitor by then.
  await marta.card.getByText("1000003", { exact: true }).first().waitFor();
  await keyboard.press("/");
  await keyboard.type("hol");
  await page.locator(".suggestions [aria-selected=true]", { hasText: "/hola" }).waitFor();
  await keyboard.press("Enter");
  await keyboard.press("Enter");
  await ana.agentSays("Hola, soy Marta. ¿Es el pedido 1000003?").waitFor();

  // A shortcut that no reply has is not sent to the visitor.
  await keyboard.type("/nadaasi");
  await page.locator(".suggestions .empty").waitFor();
  await keyboard.press("Enter");
  assert.equal(await page.locator(".field textarea").inputValue(), "/nadaasi");
  await keyboard.press("Control+a");

  // Every letter of Spanish goes into the field, none is a command.
  await keyboard.type("ñandú, ¿qué? jaknt");
  assert.equal(await page.locator(".field textarea").inputValue(), "ñandú, ¿qué? jaknt");
  await keyboard.press("Control+a");
  await keyboard.type("Mañana te escribo");
  await page.locator(".spotted", { hasText: "Mañana, 18:00" }).waitFor();
  await keyboard.press("Control+Shift+P");
  await page.locator(".card-promise", { hasText: "Mañana te escribo" }).waitFor();
  await keyboard.press("Enter");
  await ana.agentSays("Mañana te escribo").waitFor();

  await keyboard.press("Escape");
  await keyboard.press("n");
  await keyboard.type("Espera el reembolso.");
  await keyboard.press("Enter");
  await page.locator(".said-note:not(:has(.pending))", { hasText: "Espera el reembolso." }).waitFor();

  await keyboard.press("Escape");
  await keyboard.press("s");
  await page.locator("dialog[open] input:focus").waitFor();
  await keyboard.press("Enter");
  await gone();
  await page.locator(".group-snoozed .slip").waitFor();
  await keyboard.press("s");
  await page.locator(".group-mine .slip").waitFor();

  await keyboard.press("u");
  await page.locator("dialog[open] input:focus").waitFor();
  await keyboard.press("ArrowUp");
  await keyboard.press("Enter");
  await gone();
  await page.locator(".holder", { hasText: "Prioridad alta" }).waitFor();

  // Nothing promised may be left behind.
  await keyboard.press("e");
  await page.locator("dialog[open] .in-the-way").waitFor();
  await page.locator("dialog[open] .promises button").first().focus();
  await keyboard.press("Enter");
  await page.locator("dialog[open] .in-the-way").waitFor({ state: "detached" });
  await page.locator("dialog[open] input").first().focus();
  await keyboard.press("Enter");
  await gone();
  await page.locator(".told", { hasText: "Cerrada por" }).waitFor();
  await ana.at(".closing").waitFor();
  assert.deepEqual([...complaints(page), ...complaints(ana.page)], []);
});

test("chats of one cause are answered and closed together", async () => {
  const [house, marta] = [byHand, atHand];
  const { page } = marta;
  const visitors = [];
  for (let n = 0; n < 4; n += 1) visitors.push(await waits(house, "¿qué formas de pago hay?"));
  await page.locator(".cause", { hasText: "4 por lo mismo" }).getByRole("button").click();
  await page.locator("dialog[open] textarea").fill("El pago con tarjeta ya funciona. Perdón por la espera.");
  await marta.confirms();
  await page.locator(".batch", { hasText: "listas 4 de 4" }).waitFor();
  for (const visitor of visitors) {
    await visitor.agentSays("El pago con tarjeta ya funciona").waitFor();
    await visitor.at(".closing").waitFor();
  }
  await marta.goesTo("Ahora");
  await page.locator(".all-good", { hasText: "Nadie sin atender" }).waitFor();
  assert.deepEqual([...complaints(page), ...visitors.flatMap((visitor) => complaints(visitor.page))], []);
});

/** So many visitors, each on a websocket of their own, ask the same and wait for a person; what they get is kept in `window.crowd`. */
function crowd([server, count]) {
  const one = (n) => new Promise((waits, fails) => {
    const line = new WebSocket(`${server}/v1/visitor/ws?site=es`);
    const got = { agent: [], closed: 0, lost: false };
    const send = (frame) => line.send(JSON.stringify(frame));
    let asked = false;
    line.onopen = () => send({ type: "hello" });
    line.onerror = () => fails(new Error(`visitor ${n} has no line`));
    line.onclose = () => (got.lost = true);
    line.onmessage = ({ data }) => {
      const { type, event } = JSON.parse(data);
      if (type === "welcome") send({ type: "say", id: `say-${n}`, text: "¿qué formas de pago hay?" });
      if (type !== "event") return;
      if (event.kind === "bot" && !asked) {
        asked = true;
        send({ type: "ask_person", id: `ask-${n}` });
      }
      if (event.kind === "queued") waits(got);
      if (event.kind === "agent") got.agent.push(event.text);
      if (event.kind === "closed") got.closed += 1;
    };
  });
  return Promise.all(Array.from({ length: count }, (_, n) => one(n))).then((all) => void (window.crowd = all));
}

test("eighty chats of one cause are answered and closed at once: none twice, none left out", async () => {
  const [house, marta] = [byHand, atHand];
  const { page } = marta;
  const EIGHTY = 80;
  const said = "Ya se puede pagar con Bizum otra vez.";
  const shop = await house.page();
  await shop.goto(house.shop);
  await marta.goesTo("Atención");
  await shop.evaluate(crowd, [house.base.replace("http", "ws"), EIGHTY]);
  await page.locator(".cause", { hasText: `${EIGHTY} por lo mismo` }).getByRole("button").click();
  await page.locator("dialog[open] textarea").fill(said);
  await marta.confirms();
  // A console may do ten acts a second, and each of these takes three.
  await page.locator(".batch", { hasText: `listas ${EIGHTY} de ${EIGHTY}` }).waitFor({ timeout: 120_000 });
  await shop.waitForFunction((count) => window.crowd.filter(({ closed }) => closed > 0).length === count, EIGHTY);
  const all = await shop.evaluate(() => window.crowd);
  assert.deepEqual(all, Array.from({ length: EIGHTY }, () => ({ agent: [said], closed: 1, lost: false })));
  await marta.goesTo("Ahora");
  await page.locator(".all-good", { hasText: "Nadie sin atender" }).waitFor();
  assert.deepEqual([...complaints(page), ...complaints(shop)], []);
  await shop.context().close();
});
