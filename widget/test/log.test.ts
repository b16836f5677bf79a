import assert from "node:assert/strict";
import { test } from "node:test";
import { receive, START, type State, withOutbox } from "../src/client/state.ts";
import { es } from "../src/i18n/visitor/es.ts";
import { queueWords } from "../src/widget/banners.ts";
import type { Chat } from "../src/widget/chat.ts";
import type { Drawing, Kid } from "../src/widget/dom.ts";
import { log } from "../src/widget/log.ts";
import type { JoinedLine, VisitorEvent } from "../src/protocol/types.ts";
import { received } from "./frames.ts";

const view = (state: State, now = 1_767_950_000_000) =>
  ({ ...state, t: es, locale: "es", site: state.welcome?.site, now, client: {}, address: (path: string) => `https://chat${path}` }) as unknown as Chat;

/** What is read of it: the time and the day are not. */
const text = (kid: Kid): string => {
  if (Array.isArray(kid)) return kid.map(text).join("");
  if (typeof kid !== "object" || !kid) return typeof kid === "string" ? kid : "";
  return kid.name === "time.meta" ? "" : text(kid.kids);
};
const one = (drawing: Drawing): string => {
  const [, classes = ""] = drawing.name.split(".");
  const buttons = drawing.kids.flat(9) as Drawing[];
  if (classes.startsWith("row")) return text(drawing);
  if (classes === "note") return `· ${text(drawing)}`;
  if (classes === "choices") return `[${buttons.map(text).join("|")}]${buttons[0]?.props["disabled"] ? " old" : ""}`;
  return classes === "quiet" ? "earlier" : classes === "closing" ? "card" : classes;
};
const drawn = (state: State, now?: number) => log(view(state, now)).map(one);

test("before the first act the greeting stands there, its buttons live", () => {
  const [welcome] = received("visitor_first_visit");
  assert.ok(welcome);
  const state = receive(START, welcome);
  assert.deepEqual(drawn(state), ["Mara: Hola, soy Mara, la asistente virtual de Mareas. ¿Qué necesitas?", "[¿Dónde está mi pedido?|Devolver algo]"]);
  const said = withOutbox(state, [{ act: { type: "say", id: "1", text: "hola" }, label: "hola" }]);
  assert.deepEqual(drawn(said).slice(1), ["[¿Dónde está mi pedido?|Devolver algo] old", "Yo: holaEnviando…"]);
});

test("only the buttons of the last message can be tapped", () => {
  const frames = received("visitor_first_visit");
  const upto = frames.findIndex((frame) => frame.type === "event" && frame.seq === 4);
  const state = frames.slice(0, upto + 1).reduce(receive, START);
  assert.deepEqual(drawn(state), [
    "day",
    "Mara: Hola, soy Mara, la asistente virtual de Mareas. ¿Qué necesitas?",
    "[¿Dónde está mi pedido?|Devolver algo] old",
    "Yo: ¿dónde está mi pedido?",
    "Mara: ¿Cuál es el número de pedido?",
    "[No lo tengo]",
  ]);
});

test("what happened stands between the messages, in words", () => {
  const from: State = { ...START, last: 8, fresh: false, older: true };
  assert.deepEqual(drawn(received("visitor_a_person").reduce(receive, from)), [
    "earlier",
    "day",
    "Yo: Hablar con una persona",
    "Mara: Te paso con una persona.",
    "· En la fila para hablar con una persona: Logística",
    "· Marta ya está en la conversación",
    "Marta: Hola, soy Marta. Ya leí la conversación.",
    "· Quien atendía tuvo que salir: primer puesto en la fila",
    "· Luis ya está en la conversación",
    "· Vuelve a atender el asistente virtual",
    "Mara: Sigo yo.",
  ]);
});

test("the card stands after its event, the reply after the card; long after, the greeting comes back", () => {
  const frames = received("visitor_the_question");
  const from: State = { ...START, last: 30, fresh: false };
  const upto = frames.findIndex((frame) => frame.type === "event" && frame.event.kind === "opinion");
  const rated = frames.slice(0, upto + 1).reduce(receive, from);
  assert.deepEqual(drawn(rated).slice(-4), [
    "· La conversación terminó",
    "card",
    "Mara: Lamentamos que saliera así. ¿Quieres respuesta?",
    "[Por aquí|No hace falta]",
  ]);
  const done = frames.reduce(receive, from);
  assert.deepEqual(drawn(done).slice(-2), ["· La conversación terminó", "card"]);
  assert.equal(drawn(done, 1_767_950_000_000 + 3_600_000).at(-1), "[¿Dónde está mi pedido?|Devolver algo]");
});

test("no key comes twice, or the log would lose a line", () => {
  for (const name of ["visitor_first_visit", "visitor_a_person", "visitor_the_question", "visitor_after_a_break", "visitor_nobody_there", "visitor_waits_long"]) {
    const keys = log(view(received(name).reduce(receive, { ...START }))).map(({ props }) => props["key"]);
    assert.equal(new Set(keys).size, keys.length, name);
  }
});

test("a message keeps its place in the document when its event comes", () => {
  const say = { act: { type: "say", id: "a-1", text: "hola" } as const, label: "hola" };
  const before = withOutbox({ ...START, fresh: false, session: "open" }, [say]);
  const after = receive(before, { type: "event", seq: 1, at: 0, event: { kind: "visitor", id: "a-1", text: "hola", tap: false } });
  const key = (state: State) => log(view(state)).find(({ name }) => name.includes("visitor"))?.props["key"];
  assert.equal(key(before), key(after));
});

test("a long wait: the server's own words with live buttons, then a colleague and a file", () => {
  const frames = received("visitor_waits_long");
  const from: State = { ...START, last: 5, fresh: false, waiting: true };
  assert.deepEqual(drawn(frames.slice(0, 2).reduce(receive, from)), [
    "day",
    ": La espera se alarga. ¿Cómo seguimos?".replace(/^/, es.assistant),
    "[Seguir esperando|Dejar un mensaje|Volver al asistente]",
  ]);
  const all = drawn(frames.filter((frame) => frame.type !== "event" || frame.seq < 10).reduce(receive, from));
  assert.deepEqual(all.slice(2), [
    "[Seguir esperando|Dejar un mensaje|Volver al asistente] old",
    "Yo: Volver al asistente",
    "· Vuelve a atender el asistente virtual",
  ]);
  const later = drawn(frames.slice(-2).reduce(receive, { ...START, last: 15, fresh: false }));
  assert.deepEqual(later.slice(1), ["· La conversación pasa a Pagos", "Ana Ruiz: ↓ etiqueta.pdf"]);
});

test("a file is a button that asks for it", () => {
  const file = { id: "f2", media: "application/pdf", bytes: 1 };
  const state: State = { ...START, fresh: false, session: "open" };
  const shown = log(view(receive(state, { type: "event", seq: 1, at: 0, event: { kind: "file", id: "a", name: "x.pdf", file } })));
  const line = JSON.stringify(shown.at(-1));
  assert.match(line, /"button\.".*↓ x\.pdf/);
  assert.match(line, /row visitor/, "without a sender it is the visitor's own");
});

test("what was promised stands in the words of the server", () => {
  const told = (event: VisitorEvent) => drawn(receive({ ...START, fresh: false }, { type: "event", seq: 1, at: 0, event }))[1] ?? "";
  const call = "Caso A1: te llamamos el lunes 2 de marzo a las 17:00 (hora de Madrid), al ···678";
  assert.match(told({ kind: "promise", case: "A1", by: 0, owed: "call_back", told: call }), /^· Caso A1: te llamamos el lunes 2 de marzo a las 17:00 \(hora de Madrid\)/);
  assert.equal(told({ kind: "promise_moved", case: "A1", by: 0, told: "Caso A1: nuevo plazo" }), "· Caso A1: nuevo plazo");
  assert.equal(told({ kind: "promise_kept", case: "A1", told: "Caso A1: llamada hecha" }), "· Caso A1: llamada hecha");
});

test("the lines of a conversation that was joined stand before the notice, each by whoever said it", () => {
  const joined: JoinedLine[] = [
    { at: 0, by: "note", name: "", text: "Desde la otra conversación" },
    { at: 0, by: "visitor", name: "Yo", text: "llegó abierto" },
    { at: 0, by: "agent", name: "Marta", text: "Lo **miro**." },
  ];
  const event: VisitorEvent = { kind: "notice", what: "merged", joined, texts: ["Seguimos aquí."], choices: [], lang: "es" };
  const state = receive({ ...START, fresh: false }, { type: "event", seq: 1, at: 0, event });
  assert.deepEqual(drawn(state).slice(1), [": Desde la otra conversación", "Yo: llegó abierto", "Marta: Lo miro.", `${es.assistant}: Seguimos aquí.`]);
  const keys = log(view(state)).map(({ props }) => props["key"]);
  assert.equal(new Set(keys).size, keys.length);
});

test("a block can be appealed against until that is done, whatever is said meanwhile", () => {
  const notice = (what: "blocked" | "reviewed", choices: string[]): VisitorEvent => ({ kind: "notice", what, texts: ["Aviso."], choices, lang: "es" });
  const events: VisitorEvent[] = [
    notice("blocked", ["Pedir una revisión"]),
    { kind: "visitor", id: "a", text: "¿por qué?", tap: false },
    { kind: "bot", texts: ["Sigo yo."], choices: ["Mi pedido"], lang: "es" },
    { kind: "visitor", id: "b", text: "es injusto", tap: false },
    { kind: "promise", case: "A1", by: 0, owed: "appeal", told: "Caso A1: lo está revisando una persona responsable" },
    notice("reviewed", []),
    notice("blocked", ["Pedir una revisión"]),
  ];
  const after = (count: number) => {
    const state = events.slice(0, count).reduce((state, event, i) => receive(state, { type: "event", seq: i + 1, at: 0, event }), { ...START, fresh: false } as State);
    return drawn(state).filter((line) => line.includes("revisión]"));
  };
  assert.deepEqual(after(2), ["[Pedir una revisión]"]);
  assert.deepEqual(after(4), ["[Pedir una revisión]"]);
  assert.deepEqual(after(5), ["[Pedir una revisión] old"]);
  assert.deepEqual(after(7), ["[Pedir una revisión] old", "[Pedir una revisión]"]);
});

test("the wait is a range; from nothing it is less than", () => {
  const words = (wait?: { from_minutes: number; to_minutes: number }) => queueWords(view({ ...START, queue: { type: "queue", position: 2, ...(wait && { wait }) } }));
  assert.equal(words(), "Puesto 2 en la fila. Se puede seguir escribiendo.");
  assert.match(words({ from_minutes: 0, to_minutes: 5 }), /Espera: menos de 5 minutos\./);
  assert.match(words({ from_minutes: 3, to_minutes: 6 }), /Espera: 3.6 minutos\./);
});
