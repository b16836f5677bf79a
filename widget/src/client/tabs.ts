// Several tabs of one visitor: they hear of each other's doings, and know which of them are gone.

/** What one tab tells the others: the outbox changed; all up to an event was read; the visitor is forgotten. */
export type Note = { outbox: true } | { read: number } | { forget: true };

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

/** Tabs by BroadcastChannel and Web Locks; without locks (plain http) every tab thinks that it is alone, which costs at most a frame sent
 * twice. A lock is held only while something is on its way: a page that holds one cannot go to the back-forward cache. */
export function browserTabs(name: string): Tabs {
  const id = newId();
  const channel = new BroadcastChannel(name);
  const locks = navigator.locks as LockManager | undefined;
  let free: (() => void) | undefined;
  const release = () => {
    free?.();
    free = undefined;
  };
  return {
    id,
    tell: (note) => channel.postMessage(note),
    listen: (hear) => channel.addEventListener("message", ({ data }) => hear(data as Note)),
    hold() {
      if (!free) void locks?.request(name + id, () => new Promise<void>((done) => (free = done)));
    },
    release,
    async gone(ids) {
      const held = (await locks?.query())?.held?.map((lock) => lock.name) ?? [];
      return ids.filter((id) => !held.includes(name + id));
    },
    alone: async (work) => locks?.request(name, work) ?? work(),
    close() {
      release();
      channel.close();
    },
  };
}

/** 128 random bits as hex; `crypto.randomUUID` is missing on plain http. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
