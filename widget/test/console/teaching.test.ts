import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { anything, decide, group, inbox, openDrafts, turns } from "../../src/console/pages/teaching/api";
import { type Group } from "../../src/console/pages/teaching/api";
import { examplesOf, langOf, linesOf } from "../../src/console/pages/teaching/model";
import { teachingWords } from "../../src/console/pages/teaching/words";

const real = globalThis.fetch;
afterEach(() => void (globalThis.fetch = real));

/** Answers every request with `answer`; what was asked. */
function server(answer: unknown): { method: string; path: string; body: unknown }[] {
  const asked: { method: string; path: string; body: unknown }[] = [];
  globalThis.fetch = (async (path: string, { method = "GET", body }: RequestInit = {}) => {
    asked.push({ method, path, body: typeof body === "string" ? JSON.parse(body) : undefined });
    return new Response(JSON.stringify(answer));
  }) as typeof fetch;
  return asked;
}

test("only what was picked is asked for, and a group is found by the filter that made it", async () => {
  const asked = server({});
  await inbox(anything);
  await inbox({ ...anything, lang: "en", miss: "said_so" }, 50);
  await group("0199-a.4", { ...anything, days: "90", state: "decided" });
  await decide("0199-a.4", anything, { what: "ignore" });
  await turns("r/1", "worse", 0);
  assert.deepEqual(asked.map(({ method, path }) => `${method} ${path}`), [
    "GET /v1/teaching/missed?days=30&state=open",
    "GET /v1/teaching/missed?days=30&lang=en&miss=said_so&state=open&from=50",
    "GET /v1/teaching/missed/0199-a.4?days=90",
    "POST /v1/teaching/missed/0199-a.4/decide?days=30",
    "GET /v1/teaching/rehearsals/r%2F1/turns?change=worse&from=0",
  ]);
  assert.deepEqual(asked[3]?.body, { what: "ignore" });
});

test("only drafts that can still be changed are offered", async () => {
  server({ drafts: ["draft", "approved", "published", "discarded"].map((state) => ({ id: state, note: "", state })) });
  assert.deepEqual((await openDrafts()).map(({ id }) => id), ["draft", "approved"]);
});

const said = (example: string) => ({ example }) as Group["phrases"][number];

test("examples are each phrase once, in the language of most", () => {
  const phrases = [said("busco un paraguas"), said("busco un paraguas"), said("¿paraguas?")];
  const one = { phrases, langs: { en: 1, es: 2 } } as unknown as Group;
  assert.equal(examplesOf(one), "busco un paraguas\n¿paraguas?");
  assert.equal(langOf(one), "es");
  assert.deepEqual(linesOf(" uno \n\n dos\n"), ["uno", "dos"]);
});

test("one and many are worded in both languages", () => {
  const [es, en] = [teachingWords("es"), teachingWords("en")];
  assert.equal(es.groups(1, 2), "1 grupo (2 mensajes en el período)");
  assert.equal(en.groups(2, 1), "2 groups (1 message in the period)");
  assert.equal(es.solvedBy(1), "Una persona lo resolvió 1 vez.");
  assert.deepEqual(Object.keys(es.misses), Object.keys(en.misses));
  assert.deepEqual(Object.keys(es.evidence), Object.keys(en.evidence));
});
