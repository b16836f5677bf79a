// A browser made of nothing: clock, sockets, storage and tabs that a test moves by hand.

import type { Socket, World } from "../src/client/client.ts";
import { type Shelf, shelf, type Store } from "../src/client/shelf.ts";
import type { Item } from "../src/client/outbox.ts";
import type { Note, Tabs } from "../src/client/tabs.ts";
import type { VisitorToClient, VisitorToServer } from "../src/protocol/types.ts";

/** Like `Storage`: what is in it are its own properties. */
export function memory(): Store {
  const methods = {
    getItem(this: Record<string, string>, key: string) {
      return this[key] ?? null;
    },
    setItem(this: Record<string, string>, key: string, value: string) {
      this[key] = value;
    },
    removeItem(this: Record<string, string>, key: string) {
      delete this[key];
    },
  };
  return Object.create(methods) as Store;
}

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
  time = 1_767_950_000_000;
  sockets: FakeSocket[] = [];
  refused: Item[] = [];
  shelf: Shelf;
  tabs: Tabs;
  static ids = 0;
  #timers = new Map<number, { due: number; run: () => void }>();
  #count = 0;

  constructor(browser = new Browser()) {
    this.shelf = browser.shelf();
    this.tabs = browser.tabs();
  }

  open = (): Socket => {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  };
  now = (): number => this.time;
  random = (): number => 0.5;
  newId = (): string => `id-${++FakeWorld.ids}`;
  context = () => ({ lang: "es", page: "/" });
  changed = (_?: VisitorToClient, refused?: Item): void => {
    if (refused) this.refused.push(refused);
  };
  after = (ms: number, run: () => void): (() => void) => {
    const id = ++this.#count;
    this.#timers.set(id, { due: this.time + ms, run });
    return () => this.#timers.delete(id);
  };

  /** Lets time pass and timers run. */
  async pass(ms: number): Promise<void> {
    await settled();
    this.time += ms;
    for (const [id, { due, run }] of [...this.#timers]) {
      if (due <= this.time && this.#timers.delete(id)) run();
    }
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
      site: { brand: "Mareas", assistant: "Mara", contact: {}, languages: ["es", "en"], files: true },
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
