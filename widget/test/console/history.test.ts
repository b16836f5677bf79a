import assert from "node:assert/strict";
import { test } from "node:test";
import { anything, queryOf, transcriptOf } from "../../src/console/model/history";

const ask = (change: Partial<typeof anything>, before?: string) => String(queryOf({ ...anything, ...change }, before));

test("only what was filled in is asked for", () => {
  assert.equal(ask({}), "");
  assert.equal(ask({ text: "  llegó rota ", topic: "where_is_my_order" }), "text=lleg%C3%B3+rota&topic=where_is_my_order");
  assert.equal(ask({ from: "2026-11-23", outcome: "open" }, "12.7"), "from=2026-11-23&outcome=open&before=12.7");
});

test("an id is looked up as such, whatever else the form says; the server knows its case numbers, however they are typed", () => {
  assert.equal(ask({ text: " m7f3k 2qx9" }), "text=m7f3k+2qx9");
  assert.equal(ask({ text: "0199ABCD-0000-7000-8000-000000000001" }), "conversation=0199abcd-0000-7000-8000-000000000001");
});

test("a transcript has notes only where they are asked for", () => {
  assert.equal(transcriptOf("a/b", "json", false), "/v1/history/a%2Fb/transcript?format=json");
  assert.equal(transcriptOf("a", "html", true), "/v1/history/a/transcript?format=html&notes=1");
});
