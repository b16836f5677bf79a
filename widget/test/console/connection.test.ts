import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection, type Socket } from "../../src/console/model/connection";
import type { AgentToClient } from "../../src/protocol/types";

class Wire implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  sent: string[] = [];
  send(text: string): void { this.sent.push(text); }
  close(): void {}
  hear(data: unknown): void { this.onmessage?.({ data } as never); }
  end(code: number): void { this.onclose?.({ code } as never); }
}

function world() {
  const wires: Wire[] = [];
  const pauses: number[] = [];
  const log: string[] = [];
  let due: (() => void) | undefined;
  const connection = new Connection(
    {
      socket: () => {
        const wire = new Wire();
        wires.push(wire);
        return wire;
      },
      after: (ms, run) => {
        pauses.push(ms);
        due = run;
        return () => (due = undefined);
      },
      chance: () => 1,
    },
    { frame: ({ type }) => log.push(type), lost: () => log.push("lost"), refused: (why) => log.push(why) },
  );
  connection.open();
  return { connection, wires, pauses, log, last: () => wires.at(-1) as Wire, wait: () => due?.(), waiting: () => due !== undefined };
}

const welcome: AgentToClient = {
  type: "welcome", status: "online", epoch: "e", desk: { waiting: [], messages: [], assigned: [], people: [], teams: [], orphans: 0 },
  me: { id: "m", name: "", email: "", role: "agent", teams: [], lang: "es" },
};

test("comes back with growing pauses, and from the start after a welcome", () => {
  const { pauses, last, wait, log } = world();
  for (let n = 0; n < 3; n += 1) {
    last().end(1006);
    wait();
  }
  assert.deepEqual(pauses, [500, 1000, 2000]);
  last().hear(JSON.stringify(welcome));
  last().end(4000);
  assert.equal(pauses.at(-1), 500);
  assert.deepEqual(log, ["lost", "lost", "lost", "welcome", "lost"]);
});

test("stays away after a close that needs a change, and says which", () => {
  for (const [code, why] of [[4101, "signed_out"], [4100, "protocol"], [4102, "protocol"]] as const) {
    const { last, waiting, log } = world();
    last().end(code);
    assert.equal(waiting(), false);
    assert.deepEqual(log, ["lost", why]);
  }
});

test("hurries only when it waits", () => {
  const { connection, wires, last } = world();
  connection.hurry();
  assert.equal(wires.length, 1);
  last().end(1006);
  connection.hurry();
  assert.equal(wires.length, 2);
});

test("what is no frame is passed over, and an old socket is not listened to", () => {
  const { connection, last, wait, log, wires } = world();
  last().hear("{");
  last().hear(new ArrayBuffer(2));
  last().hear("[]");
  last().end(1006);
  wait();
  (wires[0] as Wire).hear(JSON.stringify(welcome));
  assert.deepEqual(log, ["lost"]);
  connection.send([{ type: "typing", conversation: "c" }]);
  assert.deepEqual(last().sent, ['{"type":"typing","conversation":"c"}']);
});

test("once stopped it does not come back", () => {
  const { connection, last, waiting, wires } = world();
  const wire = last();
  connection.stop();
  wire.end(1006);
  connection.open();
  assert.equal(waiting(), false);
  assert.equal(wires.length, 1);
});
