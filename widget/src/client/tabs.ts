// Several tabs of one visitor: they hear of each other's doings, and know which of them are gone.

/** What one tab tells the others. */
export type Note = { note: "outbox" } | { note: "read"; seq: number } | { note: "forget" };

/** The browser's part, so that tests can stand in for it. */
export interface Tabs {
  /** This tab, in this life: a reload makes a new one. */
  readonly id: string;
  /** Tells the other tabs. */
  tell(note: Note): void;
  /** Hears the other tabs. */
  listen(hear: (note: Note) => void): void;
  /** Shows the other tabs that this one sends its own acts, until `release`. */
  hold(): void;
  release(): void;
  /** Those of `ids` that are gone. */
  gone(ids: string[]): Promise<string[]>;
  /** Runs `work` while no other tab runs its own. */
  alone(work: () => Promise<void>): Promise<void>;
  close(): void;
}

/** Tabs by BroadcastChannel and Web Locks; without them (old browsers, plain http) every tab thinks that it is alone, which costs at most a
 * frame sent twice. A lock is held only while something is on its way: a page that holds one cannot go to the back-forward cache. */
export class BrowserTabs implements Tabs {
  readonly id = newId();
  #name: string;
  #channel: BroadcastChannel | undefined;
  #release: (() => void) | undefined;

  constructor(name: string) {
    this.#name = name;
    this.#channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(name) : undefined;
  }

  tell(note: Note): void {
    this.#channel?.postMessage(note);
  }

  listen(hear: (note: Note) => void): void {
    this.#channel?.addEventListener("message", ({ data }) => hear(data as Note));
  }

  hold(): void {
    if (this.#release) return;
    const held = new Promise<void>((done) => (this.#release = done));
    locks()?.request(`${this.#name}:${this.id}`, () => held).catch(ignore);
  }

  release(): void {
    this.#release?.();
    this.#release = undefined;
  }

  async gone(ids: string[]): Promise<string[]> {
    const all = await locks()?.query().catch(ignore);
    const held = new Set(all?.held?.map((lock) => lock.name));
    return ids.filter((id) => !held.has(`${this.#name}:${id}`));
  }

  async alone(work: () => Promise<void>): Promise<void> {
    const manager = locks();
    await (manager ? manager.request(this.#name, work) : work());
  }

  close(): void {
    this.release();
    this.#channel?.close();
  }
}

function locks(): LockManager | undefined {
  return globalThis.navigator?.locks;
}

/** A lock that is refused is as good as none. */
function ignore(): undefined {
  return undefined;
}

/** 128 random bits as hex; `crypto.randomUUID` is missing on plain http. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
