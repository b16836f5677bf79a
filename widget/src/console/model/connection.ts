// Keeps one websocket to the server: opens it, opens it again with growing pauses, and says when it is up or gone.
// Socket, timers and chance are given from outside, so that tests need none of them.

import { backoff } from "../../client/backoff";
import type { AgentToClient, AgentToServer } from "../../protocol/types";

/** Close codes: 4000 to 4099 come back by themselves; 4101 is "sign in again"; the others of 4100 to 4199 need a change first. */
const UNAUTHORIZED = 4101;
const stays = (code: number): boolean => code >= 4100 && code < 4200;

/** As much of a WebSocket as is used here. */
export interface Socket {
  send(text: string): void;
  close(): void;
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
}

export interface Outside {
  socket(): Socket;
  after(ms: number, run: () => void): () => void;
  chance(): number;
}

export interface Listener {
  frame(frame: AgentToClient): void;
  /** The connection is gone; it is opened again by itself. */
  lost(): void;
  /** The server will not have us: sign in again, or reload. */
  refused(why: "signed_out" | "protocol"): void;
}

export class Connection {
  #socket: Socket | undefined;
  #attempt = 0;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(private readonly outside: Outside, private readonly listener: Listener) {}

  open(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#stopped || this.#socket) return;
    const socket = this.outside.socket();
    this.#socket = socket;
    socket.onmessage = (event: { data: unknown }) => {
      if (socket !== this.#socket) return;
      const frame = parse(event.data);
      if (!frame) return;
      if (frame.type === "welcome") this.#attempt = 0;
      this.listener.frame(frame);
    };
    socket.onclose = (event: { code: number }) => {
      if (socket !== this.#socket) return;
      this.#socket = undefined;
      if (this.#stopped) return;
      this.listener.lost();
      if (stays(event.code)) {
        this.#stopped = true;
        this.listener.refused(event.code === UNAUTHORIZED ? "signed_out" : "protocol");
        return;
      }
      this.#cancel = this.outside.after(backoff(this.#attempt++, this.outside.chance()), () => this.open());
    };
  }

  /** Network or page came back: try now instead of waiting. */
  hurry(): void {
    if (this.#cancel) {
      this.#attempt = 0;
      this.open();
    }
  }

  send(frames: readonly AgentToServer[]): void {
    for (const frame of frames) this.#socket?.send(JSON.stringify(frame));
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#socket?.close();
    this.#socket = undefined;
  }
}

function parse(data: unknown): AgentToClient | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const frame: unknown = JSON.parse(data);
    return typeof frame === "object" && frame !== null && "type" in frame ? (frame as AgentToClient) : undefined;
  } catch {
    return undefined;
  }
}
