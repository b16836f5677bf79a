// A browser made of nothing: clock, sockets, storage and tabs that a test moves by hand.

import { mock } from "node:test";
import type { Socket, World } from "../src/client/client.ts";
import { type Shelf, shelf, type Store } from "../src/client/shelf.ts";
import type { Item } from "../src/client/outbox.ts";
import type { Note, Tabs } from "../src/client/tabs.ts";
import type { VisitorToClient, VisitorToServer } from "../src/protocol/types.ts";

/** Like `Storage`: what is in it are its own properties. */
export function memory(): Store {
  return {};
}

mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_767_950_000_000 });

/** What the tabs of one browser share: storage, messages, locks. */
export class Browser {
  store = memory();
  #tabs = new Set<(note: Note) => void>();
  #locks = new Map<string, Promise<void>>();

  shelf(): Shelf {
    return shelf("v:", () => this.store);
  }

  tabs(): Tabs {
    let mine: ((note: Note) => void)[] = [];
    const hear = (note: Note) => mine.forEach((listener) => listener(note));
    this.#tabs.add(hear);
    return {
      tell: (note) => this.#tabs.forEach((other) => other !== hear && other(note)),
      listen: (listener) => mine.push(listener),
      alone: (name, work) => {
        const next = (this.#locks.get(name) ?? Promise.resolve()).then(work);
        this.#locks.set(name, next);
        return next;
      },
      close: () => {
        mine = [];
        this.#tabs.delete(hear);
      },
    };
  }
}

export class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  sent: VisitorToServer[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as VisitorToServer);
  }

  close(): void {
    this.closed = true;
  }

  /** The server says so. */
  get(frame: VisitorToClient): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The server hangs up. */
  hangUp(code: number): void {
    this.onclose?.({ code });
  }

  /** The acts that were sent, without hello. */
  get acts(): Exclude<VisitorToServer, { type: "hello" }>[] {
    return this.sent.filter((frame) => frame.type !== "hello");
  }
}

/** One tab's world. */
export class FakeWorld implements World {
  sockets: FakeSocket[] = [];
  refused: Item[] = [];
  shelf: Shelf;
  tabs: Tabs;

  constructor(browser = new Browser()) {
    this.shelf = browser.shelf();
    this.tabs = browser.tabs();
  }

  open = (): Socket => {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  };
  context = () => ({ lang: "es", page: "/" });
  changed = (_?: VisitorToClient, refused?: Item): void => {
    if (refused) this.refused.push(refused);
  };

  /** Lets time pass and timers run, of every world there is. */
  async pass(ms: number): Promise<void> {
    await settled();
    mock.timers.tick(ms);
    await settled();
  }

  /** The socket in use. */
  get line(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error("no socket was opened");
    return last;
  }

  /** The socket opens and the server welcomes. */
  async welcome(more: Partial<Extract<VisitorToClient, { type: "welcome" }>> = {}): Promise<void> {
    await settled();
    this.line.onopen?.();
    this.line.get({
      type: "welcome",
      conversation: "c",
      token: "t",
      epoch: "e",
      seq: 0,
      recovered: false,
      lang: "es",
      style: "fast",
      site: { brand: "Mareas", assistant: "Mara", contact: {}, languages: ["es", "en"], files: true, mails: true },
      greeting: { texts: [], choices: [] },
      people: true,
      ...more,
    });
    await settled();
  }
}

/** Everything that was promised so far has happened. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
