import assert from "node:assert/strict";
import { test } from "node:test";
import { receive, START, type State, withOutbox } from "../src/client/state.ts";
import { texts } from "../src/i18n/visitor/spanish.ts";
import { entries } from "../src/widget/entries.ts";
import { received } from "./frames.ts";

const view = (state: State, now = 1_767_950_000_000) => ({
  state,
  t: texts("es"),
  locale: "es",
  site: state.welcome?.site,
  now,
});
const drawn = (state: State, now?: number) =>
  entries(view(state, now)).map((entry) => {
    switch (entry.kind) {
      case "bubble":
        return `${entry.author}: ${entry.text}`;
      case "choices":
        return `[${entry.choices.join("|")}]${entry.active ? "" : " old"}`;
      case "note":
        return `· ${entry.text}`;
      default:
        return entry.kind;
    }
  });

test("before the first act the greeting stands there, its buttons live", () => {
  const [welcome] = received("visitor_first_visit");
  assert.ok(welcome);
  const state = receive(START, welcome);
  assert.deepEqual(drawn(state), ["Mara: Hola, soy Mara, la asistente virtual de Mareas. ¿Qué necesitas?", "[¿Dónde está mi pedido?|Devolver algo]"]);
  const said = withOutbox(state, [{ act: { type: "say", id: "1", text: "hola" }, label: "hola" }]);
  assert.deepEqual(drawn(said).slice(1), ["[¿Dónde está mi pedido?|Devolver algo] old", "Tú: hola"]);
});

test("only the buttons of the last message can be tapped", () => {
  const frames = received("visitor_first_visit");
  const upto = frames.findIndex((frame) => frame.type === "event" && frame.seq === 4);
  const state = frames.slice(0, upto + 1).reduce(receive, START);
  assert.deepEqual(drawn(state), [
    "day",
    "Mara: Hola, soy Mara, la asistente virtual de Mareas. ¿Qué necesitas?",
    "[¿Dónde está mi pedido?|Devolver algo] old",
    "Tú: ¿dónde está mi pedido?",
    "Mara: ¿Cuál es el número de pedido?",
    "[No lo tengo]",
  ]);
});

test("what happened stands between the messages, in words", () => {
  const from: State = { ...START, last: 8, fresh: false, older: true };
  assert.deepEqual(drawn(received("visitor_a_person").reduce(receive, from)), [
    "earlier",
    "day",
    "Tú: Hablar con una persona",
    "Mara: Te paso con una persona.",
    "· En la fila para hablar con una persona: Logística",
    "· Marta ya está en la conversación",
    "Marta: Hola, soy Marta. Ya leí la conversación.",
    "· Quien atendía tuvo que salir. Tu conversación pasa al primer lugar de la fila",
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
  for (const name of ["visitor_first_visit", "visitor_a_person", "visitor_the_question", "visitor_after_a_break", "visitor_nobody_there"]) {
    const keys = entries(view(received(name).reduce(receive, { ...START }))).map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length, name);
  }
});
