import assert from "node:assert/strict";
import { test } from "node:test";
import type { Kid } from "../src/widget/dom.ts";
import { markdown } from "../src/widget/markdown.ts";

/** Drawings as text, in a notation that no message can forge: `⟨tag href|…⟩`. */
const write = (kid: Kid): string => {
  if (Array.isArray(kid)) return kid.map(write).join("");
  if (typeof kid !== "object" || !kid) return String(kid);
  const { name, props, kids } = kid;
  return `⟨${name}${props["href"] ? ` ${String(props["href"])}` : ""}|${write(kids)}⟩`;
};
const read = (text: string) => write(markdown(text));

test("bold, italic, code, line breaks", () => {
  assert.equal(read("Pedido **1234567** *hoy*\n`A-1`"), "Pedido ⟨strong|1234567⟩ ⟨em|hoy⟩⟨br|⟩⟨code|A-1⟩");
  assert.equal(read("**muy *importante* esto**"), "⟨strong|muy ⟨em|importante⟩ esto⟩");
  assert.equal(read("2 * 3 * 4"), "2 * 3 * 4", "a product is not italic");
  assert.equal(read("`**no**`"), "⟨code|**no**⟩");
});

test("lists, numbered and not", () => {
  assert.equal(read("Trae:\n- uno\n- **dos**\nfin"), "Trae:⟨ul|⟨li|uno⟩⟨li|⟨strong|dos⟩⟩⟩fin");
  assert.equal(read("1. uno\n2. dos"), "⟨ol|⟨li|uno⟩⟨li|dos⟩⟩");
});

test("links lead to web, mail and phone, and nowhere else", () => {
  assert.equal(read("[ver](https://a.example/x)"), "⟨a https://a.example/x|ver⟩");
  assert.equal(read("[ver](https://a.example/x_(y))."), "⟨a https://a.example/x_(y)|ver⟩.");
  assert.equal(read("[mail](mailto:a@b.example) [tel](tel:+34900)"), "⟨a mailto:a@b.example|mail⟩ ⟨a tel:+34900|tel⟩");
  for (const bad of ["[x](javascript:alert(1))", "[x](data:text/html,x)", "[x](//evil.example)", "[x](vbscript:x)", "<img src=x onerror=alert(1)>"]) {
    assert.equal(read(bad), bad);
  }
});

test("a bare address ends where the sentence goes on", () => {
  assert.equal(read("Mira https://a.example/x?y=1, o (https://b.example)."), "Mira ⟨a https://a.example/x?y=1|https://a.example/x?y=1⟩, o (⟨a https://b.example|https://b.example⟩).");
});

test("long and odd texts stay whole", () => {
  const word = "a".repeat(10_000);
  assert.equal(read(word), word);
  assert.equal(read("*".repeat(5_000)).replaceAll(/⟨\w+\||⟩/g, "").length > 0, true);
  assert.equal(read(""), "");
});
