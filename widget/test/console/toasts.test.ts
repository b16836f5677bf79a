import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { say, toasts } from "../../src/console/app/toasts";

const texts = (): string[] => toasts.value.map(({ text }) => text);

test("a toast goes by itself; one that came while the window was away stays until it could be seen", () => {
  const seen: (() => void)[] = [];
  const page = { hidden: false, addEventListener: (_: "visibilitychange", hear: () => void) => void seen.push(hear) };
  Object.assign(globalThis, { document: page });
  mock.timers.enable({ apis: ["setTimeout"] });
  say("Guardado");
  mock.timers.tick(6_000);
  assert.deepEqual(texts(), []);

  page.hidden = true;
  say("Vuelve una conversación pospuesta.");
  mock.timers.tick(60_000);
  assert.deepEqual(texts(), ["Vuelve una conversación pospuesta."]);
  page.hidden = false;
  for (const hear of seen.splice(0)) hear();
  mock.timers.tick(5_999);
  assert.deepEqual(texts().length, 1, "time enough to read it");
  mock.timers.tick(1);
  assert.deepEqual(texts(), []);
  mock.timers.reset();
});
