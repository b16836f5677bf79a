// The visitor's end of the wire: one socket a tab, resumed where it broke off; acts that are sent until they are acked.
// Knows no DOM: the browser's clock, socket, storage and tabs come in as `World`.

import type { ErrorCode, VisitorToClient, VisitorToServer } from "../protocol/types.ts";
import { backoff } from "./backoff.ts";
import { afterClose } from "./close.ts";
import { type Item, type NewAct, Outbox } from "./outbox.ts";
import type { Shelf } from "./shelf.ts";
import { receive, START, type State, withOutbox } from "./state.ts";
import type { Tabs } from "./tabs.ts";

/** The part of `WebSocket` that is used. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((close: { code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}

/** What the client needs of the browser. */
export interface World {
  open(): Socket;
  now(): number;
  random(): number;
  /** Calls `run` after `ms`; returns how to call it off. */
  after(ms: number, run: () => void): () => void;
  newId(): string;
  shelf: Shelf;
  tabs: Tabs;
  /** What `hello` carries beside the position. */
  context(): Omit<Extract<VisitorToServer, { type: "hello" }>, "type" | "token" | "epoch" | "after">;
}

/** What happened, beside a new state. */
export type Happened = { what: "frame"; frame: VisitorToClient } | { what: "refused"; item: Item; code: ErrorCode };

interface Pass {
  token: string;
  epoch: string;
}

/** No welcome, or no ack, for so long: the line is dead, though nobody said so. */
const DEAD_MS = 10_000;
/** The typing notice goes when nothing followed. */
const TYPING_MS = 8_000;
/** At most one `typing` frame in this time. */
const TYPING_PAUSE_MS = 1_200;
/** A refused act that may be sent again is, so many times. */
const TRIES = 6;

export class Client {
  state: State = START;
  #world: World;
  #outbox: Outbox;
  #changed: (state: State, happened?: Happened) => void;
  #socket: Socket | undefined;
  #pass: Pass | undefined;
  #wanted = false;
  #tries = 0;
  #flight: { id: string; tries: number } | undefined;
  #timers: Partial<Record<"return" | "dead" | "again" | "typing", () => void>> = {};
  #typedAt = 0;
  #first: (() => void) | undefined;

  /** `changed` is called after every change of `state`. */
  constructor(world: World, changed: (state: State, happened?: Happened) => void) {
    this.#world = world;
    this.#changed = changed;
    this.#outbox = new Outbox(world.shelf);
    world.tabs.listen((note) => {
      if (note.note === "outbox") this.#reread();
    });
    this.#set(withOutbox(START, this.#outbox.items()));
  }

  /** Whether this visitor was here before: then it is worth connecting before the panel is opened. */
  get known(): boolean {
    return this.#pass !== undefined || this.#world.shelf.get("pass") !== null || this.state.pending.length > 0;
  }

  /** Connects and stays so. */
  connect(): void {
    this.#wanted = true;
    if (!this.#socket) void this.#open();
  }

  /** Lets go of the socket, as when the page is put away. Acts stay in the outbox. */
  disconnect(): void {
    this.#wanted = false;
    this.#drop();
    this.#world.tabs.release();
    this.#set({ ...this.state, connection: "idle", typing: null });
  }

  /** The page is put away, perhaps for good, perhaps into the back-forward cache: no socket and no lock may stay. */
  pause(): void {
    this.#drop();
    this.#world.tabs.release();
  }

  /** The page was fetched back. */
  resume(): void {
    this.wake(true);
  }

  /** The network or the page came back: do not wait for the next try. `sure`: the old line cannot be trusted. */
  wake(sure: boolean): void {
    if (!this.#wanted || this.state.connection === "refused" || (this.#socket && !sure)) return;
    this.#tries = 0;
    this.#drop();
    void this.#open();
  }

  /** The network is gone. */
  lost(): void {
    if (!this.#wanted) return;
    this.#drop();
    this.#plan();
  }

  /** Sends an act as soon as may be; it is kept until it is acked. Returns its id. */
  act(act: NewAct, label?: string): string {
    const id = this.#world.newId();
    const item: Item = { act: { ...act, id } as Item["act"], tab: this.#world.tabs.id, at: this.#world.now() };
    if (label !== undefined) item.label = label;
    this.#outbox.add(item);
    this.#outboxChanged();
    this.connect();
    this.#pump();
    return id;
  }

  /** Sends a refused act again: under a new id, for the old one may be taken. */
  again(id: string): void {
    const item = this.state.pending.find((item) => item.act.id === id);
    if (!item) return;
    this.#outbox.remove(id);
    const { id: _, ...act } = item.act;
    this.act(act as NewAct, item.label);
  }

  /** Gives up a refused act. */
  discard(id: string): void {
    this.#outbox.remove(id);
    this.#outboxChanged();
  }

  /** The visitor is writing. */
  typing(): void {
    const now = this.#world.now();
    if (this.state.connection !== "online" || this.state.session !== "open" || now - this.#typedAt < TYPING_PAUSE_MS) return;
    this.#typedAt = now;
    this.#send({ type: "typing" });
  }

  /** Says hello anew, with what `context` tells now. */
  greet(): void {
    if (this.#wanted) this.wake(true);
  }

  /** Forgets the visitor on this device: the next `connect` is somebody new. */
  forget(): void {
    this.disconnect();
    this.#pass = undefined;
    this.#world.shelf.clear();
    this.#set(START);
  }

  #set(state: State, happened?: Happened): void {
    this.state = state;
    this.#changed(state, happened);
  }

  #timer(name: "return" | "dead" | "again" | "typing", ms?: number, run?: () => void): void {
    this.#timers[name]?.();
    delete this.#timers[name];
    if (ms !== undefined && run) this.#timers[name] = this.#world.after(ms, run);
  }

  async #open(): Promise<void> {
    this.#timer("return");
    this.#pass ??= this.#world.shelf.read<Pass>("pass");
    if (this.#pass) return this.#dial();
    // Two tabs that open at once must not become two visitors: the second waits until the first has its token.
    await this.#world.tabs.alone(async () => {
      this.#pass ??= this.#world.shelf.read<Pass>("pass");
      if (!this.#wanted || this.#socket) return;
      this.#dial();
      if (!this.#pass) await new Promise<void>((done) => (this.#first = done));
    });
  }

  #dial(): void {
    if (!this.#wanted || this.#socket) return;
    let socket: Socket;
    try {
      socket = this.#world.open();
    } catch {
      return this.#plan();
    }
    const token = this.#pass?.token;
    this.#socket = socket;
    this.#set({ ...this.state, connection: "connecting" });
    this.#timer("dead", DEAD_MS, () => this.#broken(0));
    socket.onopen = () => {
      const hello: VisitorToServer = { type: "hello", ...this.#world.context() };
      if (this.#pass) Object.assign(hello, this.#pass, this.state.last > 0 ? { after: this.state.last } : {});
      socket.send(JSON.stringify(hello));
    };
    socket.onmessage = ({ data }) => {
      let frame: VisitorToClient;
      try {
        frame = JSON.parse(String(data)) as VisitorToClient;
      } catch {
        return this.#broken(0);
      }
      this.#take(frame);
    };
    socket.onclose = ({ code }) => this.#broken(code, token !== undefined);
  }

  #take(frame: VisitorToClient): void {
    if (frame.type === "welcome") {
      this.#timer("dead");
      this.#tries = 0;
      this.#pass = { token: frame.token, epoch: frame.epoch };
      this.#world.shelf.write("pass", this.#pass);
      this.#world.shelf.write("site", frame.site);
      this.#first?.();
      this.#first = undefined;
    }
    const state = receive(this.state, frame);
    if (frame.type === "typing") this.#timer("typing", TYPING_MS, () => this.#set({ ...this.state, typing: null }));
    this.#set(state, { what: "frame", frame });
    if (state.gap) return this.#broken(0);
    if (frame.type === "welcome") {
      void this.#adopt();
      this.#pump();
    } else if (frame.type === "ack") {
      this.#done(frame.id);
    } else if (frame.type === "error" && frame.id !== undefined) {
      this.#refused(frame.id, frame.code, frame.retry);
    }
  }

  /** The line broke, or the server closed it with `code`. */
  #broken(code: number, token = false): void {
    const sending = this.#flight?.id;
    this.#drop();
    const then = afterClose(code, token, sending !== undefined);
    if (then === "stop") {
      this.#wanted = false;
      return this.#set({ ...this.state, connection: "refused", typing: null });
    }
    if (then === "renew") {
      this.#pass = undefined;
      this.#world.shelf.remove("pass");
      this.#set({ ...START, pending: this.state.pending });
    }
    if (then === "drop" && sending !== undefined) this.#fail(sending, "too_long");
    this.#plan();
  }

  #plan(): void {
    if (!this.#wanted) return;
    this.#set({ ...this.state, connection: "waiting", typing: null, gap: false });
    this.#timer("return", backoff(this.#tries++, this.#world.random()), () => void this.#open());
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#flight = undefined;
    for (const name of ["return", "dead", "again", "typing"] as const) this.#timer(name);
    this.#first?.();
    this.#first = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #send(frame: VisitorToServer): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  /** One act at a time: the second is sent when the first is kept, so that their order is the visitor's. */
  #pump(): void {
    if (this.state.connection !== "online" || this.#flight || this.#timers.again) return;
    const mine = this.#outbox.items().filter((item) => item.tab === this.#world.tabs.id && !item.failed);
    const next = mine[0];
    if (!next) return this.#world.tabs.release();
    this.#world.tabs.hold();
    this.#fly(next, 1);
  }

  #fly(item: Item, tries: number): void {
    this.#flight = { id: item.act.id, tries };
    this.#timer("dead", DEAD_MS, () => this.#broken(0));
    this.#send(item.act);
  }

  #done(id: string): void {
    this.#outbox.remove(id);
    this.#outboxChanged();
    this.#landed(id);
  }

  #refused(id: string, code: ErrorCode, retry: boolean): void {
    const flight = this.#flight;
    const item = this.#outbox.items().find((item) => item.act.id === id);
    if (retry && item && flight?.id === id && flight.tries < TRIES) {
      this.#timer("dead");
      return this.#timer("again", backoff(flight.tries, this.#world.random()), () => {
        this.#timer("again");
        this.#fly(item, flight.tries + 1);
      });
    }
    this.#fail(id, code);
    this.#landed(id);
  }

  /** What the visitor wrote stays and can be sent again; a tap that came too late is only told of. */
  #fail(id: string, code: ErrorCode): void {
    const item = this.#outbox.items().find((item) => item.act.id === id);
    if (!item) return;
    if (item.act.type === "say" || code === "unavailable" || code === "internal" || code === "slow_down") {
      this.#outbox.change(id, { failed: code });
    } else {
      this.#outbox.remove(id);
    }
    this.#outboxChanged({ what: "refused", item, code });
  }

  #landed(id: string): void {
    if (this.#flight?.id !== id) return;
    this.#flight = undefined;
    this.#timer("dead");
    this.#pump();
  }

  /** Takes over the acts of tabs that are gone. */
  async #adopt(): Promise<void> {
    const others = () => [...new Set(this.#outbox.items().map((item) => item.tab))].filter((tab) => tab !== this.#world.tabs.id);
    if (others().length === 0) return;
    await this.#world.tabs.alone(async () => {
      const gone = new Set(await this.#world.tabs.gone(others()));
      for (const item of this.#outbox.items()) {
        if (gone.has(item.tab)) this.#outbox.change(item.act.id, { tab: this.#world.tabs.id });
      }
    });
    this.#reread();
    this.#pump();
  }

  #reread(): void {
    this.#set(withOutbox(this.state, this.#outbox.items()));
  }

  #outboxChanged(happened?: Happened): void {
    this.#set(withOutbox(this.state, this.#outbox.items()), happened);
    this.#world.tabs.tell({ note: "outbox" });
  }
}
