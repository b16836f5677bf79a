// The visitor's end of the wire: one socket a tab, resumed where it broke off; acts that are sent until they are acked.
// Knows no DOM: the browser's socket, storage and tabs come in as `World`.

import type { ErrorCode, VisitorToClient, VisitorToServer } from "../protocol/types.ts";
import { backoff } from "./backoff.ts";
import { isFinal, TOO_LARGE, UNAUTHORIZED } from "./close.ts";
import { type Act, type Item, type NewAct, outbox as openOutbox } from "./outbox.ts";
import type { Shelf } from "./shelf.ts";
import { receive, START, type State, withOutbox } from "./state.ts";
import { newId, type Tabs } from "./tabs.ts";

/** The part of `WebSocket` that is used (@kept). */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((close: { code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}

/** What `hello` carries beside the position. */
export type Context = Omit<Extract<VisitorToServer, { type: "hello" }>, "type" | "token" | "epoch" | "after">;

/** What the client needs of the browser. */
export interface World {
  open(): Socket;
  shelf: Shelf;
  tabs: Tabs;
  context(): Context;
  /** Called after every change of the state, and with the frame that made it or the act that was refused. */
  changed(frame?: VisitorToClient, refused?: Item): void;
}

export interface Client {
  readonly state: State;
  /** Whether this visitor was here before: then it is worth connecting before the panel is opened. */
  readonly known: boolean;
  /** Connects and stays so. */
  connect(): void;
  /** Lets go of the socket and, with `forget`, of the visitor. Acts stay in the outbox unless forgotten. */
  leave(forget?: boolean): void;
  /** The network or the page came back, or `hello` has something new to say: do not wait for the next try. `sure`: the line cannot be trusted. */
  wake(sure: boolean): void;
  /** The network is gone, or the page is put away, perhaps into the back-forward cache: no socket and no lock may stay. */
  pause(): void;
  /** Sends an act as soon as may be; it is kept until it is acked. */
  act(act: NewAct, label?: string): void;
  /** Sends a refused act again: under a new id, for the old one may be taken. */
  retry(item: Item): void;
  /** Gives up a refused act. */
  discard(item: Item): void;
  /** Asks for the messages before the first that is here. */
  older(): void;
  /** The visitor is writing. */
  typing(): void;
}

/** No welcome, or no ack, for so long: the line is dead, though nobody said so. */
const DEAD_MS = 10_000;
/** The typing notice goes when nothing followed. */
const TYPING_MS = 8_000;
/** At most one `typing` frame in this time. */
const TYPING_PAUSE_MS = 1_200;
/** A refused act that may be sent again is, so many times. */
const TRIES = 6;

export function client(world: World): Client {
  const { shelf, tabs } = world;
  const outbox = openOutbox(shelf);
  let state = withOutbox(START, outbox.items());
  let socket: Socket | undefined;
  let pass = shelf.read<{ token: string; epoch: string }>("pass");
  let wanted = false;
  let tries = 0;
  let typedAt = 0;
  let pumping = false;
  /** The act that waits for its ack, how often it was sent, and what goes on when it has landed or the line is gone. */
  let flight: { act: Act; tries: number; landed: () => void } | undefined;
  /** Lets the next tab say its first hello. */
  let welcomed = () => {};
  const timers: Partial<Record<"line" | "act" | "typing", ReturnType<typeof setTimeout>>> = {};

  /** One timer a name; without something to do it is called off. */
  const timer = (name: keyof typeof timers, run?: () => unknown, ms?: number) => {
    clearTimeout(timers[name]);
    if (run) timers[name] = setTimeout(run, ms);
  };
  const change = (part: Partial<State>) => {
    state = { ...state, ...part };
    world.changed();
  };
  const send = (frame: VisitorToServer) => socket?.send(JSON.stringify(frame));
  const reread = (refused?: Item) => {
    state = withOutbox(state, outbox.items());
    world.changed(undefined, refused);
  };
  const put = (id: string, part?: Partial<Item>, refused?: Item) => {
    outbox.change(id, part);
    reread(refused);
    tabs.tell({});
  };

  async function open(): Promise<void> {
    pass ??= shelf.read("pass");
    if (pass) return dial();
    // Two tabs that open at once must not become two visitors: the second waits until the first has its token.
    await tabs.alone("hello", async () => {
      pass ??= shelf.read("pass");
      dial();
      if (!pass && socket) await new Promise<void>((done) => (welcomed = done));
    });
  }

  function dial(): void {
    if (!wanted || socket) return;
    const line = (socket = world.open());
    change({ connection: "connecting" });
    timer("line", broken, DEAD_MS);
    line.onopen = () => send({ type: "hello", ...world.context(), ...pass, ...(pass && state.last && { after: state.last }) });
    line.onmessage = ({ data }) => take(JSON.parse(String(data)) as VisitorToClient);
    line.onclose = ({ code }) => broken(code);
  }

  function take(frame: VisitorToClient): void {
    const { type } = frame;
    if (type === "welcome") {
      const { token, epoch, site } = frame;
      timer("line");
      tries = 0;
      shelf.write("pass", (pass = { token, epoch }));
      shelf.write("site", site);
      welcomed();
    }
    state = receive(state, frame);
    if (type === "typing") timer("typing", () => change({ typing: null }), TYPING_MS);
    world.changed(frame);
    if (state.gap) broken();
    else if (type === "welcome") void pump();
    else if (type === "ack") {
      put(frame.id);
      if (flight?.act.id === frame.id) flight.landed();
    } else if (type === "error" && flight && flight.act.id === frame.id) refused(flight, frame.code, frame.retry);
  }

  /** The line broke, or the server closed it with `code`. */
  function broken(code = 0): void {
    const act = flight?.act;
    drop();
    if (code === TOO_LARGE && act) fail(act, "too_long", true);
    else if (code === UNAUTHORIZED && pass) {
      pass = undefined;
      shelf.write("pass");
      state = { ...START, pending: state.pending };
    } else if (isFinal(code)) {
      wanted = false;
      return change({ connection: "refused", typing: null });
    }
    change({ connection: "waiting", typing: null, gap: false });
    timer("line", open, backoff(tries++));
  }

  function drop(): void {
    const line = socket;
    socket = undefined;
    timer("line");
    timer("act");
    flight?.landed();
    welcomed();
    if (!line) return;
    line.onopen = line.onmessage = line.onclose = null;
    line.close();
  }

  /** One act at a time, from one tab: the second is sent when the first is kept, so that their order is the visitor's. */
  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    await tabs.alone("send", async () => {
      for (;;) {
        const item = outbox.items().find(({ failed }) => !failed);
        if (!item || !socket || state.connection !== "online") break;
        await new Promise<void>((landed) => fly({ act: item.act, tries: 1, landed }));
        timer("act");
        flight = undefined;
      }
      pumping = false;
    });
  }

  function fly(next: NonNullable<typeof flight>): void {
    flight = next;
    timer("act", broken, DEAD_MS);
    send(next.act);
  }

  function refused({ act, tries, landed }: NonNullable<typeof flight>, code: ErrorCode, again: boolean): void {
    if (again && tries < TRIES) return timer("act", () => fly({ act, tries: tries + 1, landed }), backoff(tries));
    fail(act, code, again || act.type === "say");
    landed();
  }

  /** What the visitor wrote is kept and can be sent again; a tap that came too late is only told of. */
  function fail(act: Act, failed: ErrorCode, keep: boolean): void {
    const item = outbox.items().find((item) => item.act.id === act.id);
    if (item) put(act.id, keep ? { failed } : undefined, { ...item, failed });
  }

  const self: Client = {
    get state() {
      return state;
    },
    get known() {
      return Boolean(pass) || state.pending.length > 0;
    },
    connect() {
      wanted = true;
      if (!socket) void open();
    },
    leave(forget) {
      wanted = false;
      drop();
      if (forget) {
        pass = undefined;
        shelf.clear();
      }
      change(forget ? START : { connection: "idle" });
    },
    wake(sure) {
      if (!wanted || (socket && !sure)) return;
      tries = 0;
      drop();
      void open();
    },
    pause() {
      drop();
      if (wanted) change({ connection: "waiting", typing: null });
    },
    act(act, label) {
      const id = newId();
      outbox.add({ act: { ...act, id } as Act, label });
      put(id, {});
      self.connect();
      void pump();
    },
    retry({ act: { id, ...act }, label }) {
      outbox.change(id);
      self.act(act as NewAct, label);
    },
    discard: ({ act }) => put(act.id),
    older() {
      const [first] = state.lines;
      if (first) send({ type: "older", before: first.seq });
    },
    typing() {
      const now = Date.now();
      if (state.session !== "open" || now - typedAt < TYPING_PAUSE_MS) return;
      typedAt = now;
      if (state.connection === "online") send({ type: "typing" });
    },
  };
  tabs.listen(() => reread());
  return self;
}
