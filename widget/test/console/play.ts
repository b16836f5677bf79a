// Reads golden frames and plays them against the console's state: what the server sends goes in, what the console must send is awaited.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as outbox from "../../src/console/model/outbox";
import { receive } from "../../src/console/model/receive";
import { type ActFrame, type Notice, type State, type Step, start } from "../../src/console/model/state";
import type { AgentToClient, AgentToServer } from "../../src/protocol/types";

/** `in`: to the server; `out`: from the server. */
export type Golden = { side: "agent"; dir: "in"; frame: AgentToServer } | { side: "agent"; dir: "out"; frame: AgentToClient };

export const golden = (name: string): Golden[] => JSON.parse(readFileSync(`../tests/frames/${name}.json`, "utf8")) as Golden[];

export const NOW = 1_795_291_200_000;

export class Console {
  state: State = start;
  notices: Notice[] = [];
  /** Sent and not yet awaited. */
  sent: AgentToServer[] = [];

  take({ state, send, notices }: Step): this {
    this.state = state;
    this.sent.push(...send);
    this.notices.push(...notices);
    return this;
  }

  hear(frame: AgentToClient): this {
    return this.take(receive(this.state, frame, NOW));
  }

  act(frame: ActFrame): this {
    return this.take(outbox.act(this.state, frame, NOW));
  }

  /** The next frame that went out is this one. */
  expect(frame: AgentToServer): this {
    assert.deepEqual(this.sent.shift(), frame);
    return this;
  }

  /** Plays frames; a line or act that stands in the file and was not sent by itself is done by the agent then. */
  play(frames: readonly Golden[]): this {
    for (const { dir, frame } of frames) {
      if (dir === "out") {
        this.hear(frame);
        continue;
      }
      if (frame.type === "typing") continue;
      if ("id" in frame && !this.state.outbox.some(({ id }) => id === frame.id)) this.act(frame);
      this.expect(frame);
    }
    return this;
  }
}
