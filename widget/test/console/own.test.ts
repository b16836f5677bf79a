import assert from "node:assert/strict";
import { test } from "node:test";
import { firstWords, lastWords } from "../../src/console/model/words";
import { plain } from "../../src/console/ui/Rich";
import type { AgentEvent, VisitorEvent } from "../../src/protocol/types";

const seen = (event: VisitorEvent): AgentEvent => ({ seq: 1, at: 1, event: { kind: "seen", event } });
const opened = seen({ kind: "session_opened", texts: [], choices: [], lang: "es" });
const said = (text: string, tap = false) => seen({ kind: "visitor", id: text, text, tap });

test("a visitor's words are what they wrote, not what stood on a button", () => {
  const events = [opened, said("antes"), opened, said("Mi pedido", true), said("no llegó nada"), said("sigo igual"), said("Hablar con una persona", true)];
  assert.equal(firstWords(events), "no llegó nada", "of the session under way");
  assert.equal(lastWords(events), "sigo igual");
  assert.equal(firstWords([said("sin principio")]), "sin principio", "a page may begin later than the session");
  assert.equal(lastWords([opened, said("Mi pedido", true)]), undefined);
});

test("marks are taken away where there is one line", () => {
  assert.equal(plain("Pedido **1234567** *hoy* `A-1` [ver](https://x.example)"), "Pedido 1234567 hoy A-1 ver");
  assert.equal(plain("2 * 3 * 4"), "2 * 3 * 4");
});
