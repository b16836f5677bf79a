// Small values kept under a site's prefix: in the browser's storage, or in memory when the browser refuses (and then `kept` says so).

/** The part of `Storage` that is used; its keys are its own properties. */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Whatever happens to the browser's storage, a value that was written can be read for as long as the page lives. */
export interface Shelf {
  /** Whether values outlive the page. */
  readonly kept: boolean;
  /** The value that was written; undefined when there is none or it is not JSON. */
  read<T>(key: string): T | undefined;
  /** Writes a value that JSON can hold; undefined takes it away. */
  write(key: string, value: unknown): void;
  /** Keys that begin so, without the site's prefix, in order. */
  keys(begin: string): string[];
  /** Forgets everything of this site. */
  clear(): void;
}

/** `open` may throw, as `localStorage` does when cookies are blocked. */
export function shelf(prefix: string, open: () => Store): Shelf {
  const memory = new Map<string, string>();
  let kept = true;
  /** What the storage says, unless it refuses. */
  const ask = <T>(what: (store: Store) => T): T | undefined => {
    try {
      return what(open());
    } catch {
      kept = false;
      return undefined;
    }
  };
  const self: Shelf = {
    get kept() {
      return kept;
    },
    read(key) {
      try {
        return JSON.parse(memory.get(key) ?? ask((store) => store.getItem(prefix + key)) ?? "");
      } catch {
        return undefined;
      }
    },
    write(key, value) {
      const text = JSON.stringify(value);
      memory.set(key, text);
      ask((store) => {
        if (text) store.setItem(prefix + key, text);
        else store.removeItem(prefix + key);
        memory.delete(key);
      });
      if (!text) memory.delete(key);
    },
    keys: (begin) =>
      [...new Set([...memory.keys(), ...(ask(Object.keys) ?? []).flatMap((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : []))])]
        .filter((key) => key.startsWith(begin))
        .sort(),
    clear: () => self.keys("").forEach((key) => self.write(key, undefined)),
  };
  self.write("?", 0);
  self.write("?", undefined);
  return self;
}
