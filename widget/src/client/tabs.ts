// Several tabs of one visitor: they hear of each other's doings, and do one after the other what only one should do.

/** What one tab tells the others, which may run another version (@kept): something of what is kept changed; the visitor is forgotten. */
export type Note = { forget?: true };

/** The browser's part, so that tests can stand in for it. */
export interface Tabs {
  /** Tells the other tabs. */
  tell(note: Note): void;
  /** Hears the other tabs. */
  listen(hear: (note: Note) => void): void;
  /** Runs `work`, which must not fail, while no other tab runs work of that name. */
  alone(name: string, work: () => Promise<void>): Promise<void>;
  close(): void;
}

/** A tab that was put to sleep by a phone may hold a lock for good; after so long the others go on without. What they do twice then, the
 * server takes once. */
const WAIT_MS = 10_000;

/** Tabs by BroadcastChannel and Web Locks; without locks (plain http) every tab thinks that it is alone. */
export function browserTabs(site: string): Tabs {
  const channel = new BroadcastChannel(site);
  const locks = navigator.locks as LockManager | undefined;
  return {
    tell: (note) => channel.postMessage(note),
    listen: (hear) => channel.addEventListener("message", ({ data }) => hear(data as Note)),
    alone: async (name, work) => (locks ? locks.request(site + name, { signal: AbortSignal.timeout(WAIT_MS) }, work).catch(work) : work()),
    close: () => channel.close(),
  };
}

/** 128 random bits; `crypto.randomUUID` is missing on plain http. */
export function newId(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
