// Small texts kept under a site's prefix: in the browser's storage, or in memory when the browser refuses (and then `kept` says so).

/** The part of `Storage` that is used. */
export type Store = Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">;

/** Whatever happens to the browser's storage, a value that was put can be got for as long as the page lives. */
export interface Shelf {
  /** Whether values outlive the page. */
  readonly kept: boolean;
  get(key: string): string | null;
  put(key: string, value: string): void;
  remove(key: string): void;
  /** Keys that begin so, without the site's prefix, in order. */
  keys(begin: string): string[];
  /** The value that was put as JSON; undefined when there is none or it is not JSON. */
  read<T>(key: string): T | undefined;
  write(key: string, value: unknown): void;
  /** Forgets everything of this site. */
  clear(): void;
}

/** `open` may throw, as `localStorage` does when cookies are blocked. */
export function shelf(prefix: string, open: () => Store): Shelf {
  const memory = new Map<string, string>();
  let store: Store | undefined;
  let kept = true;
  /** What the storage says, unless it refuses. */
  const ask = <T>(what: (store: Store) => T): T | undefined => {
    try {
      return what((store ??= open()));
    } catch {
      kept = false;
      return undefined;
    }
  };
  const self: Shelf = {
    get kept() {
      return kept;
    },
    get: (key) => memory.get(key) ?? ask((store) => store.getItem(prefix + key)) ?? null,
    put(key, value) {
      memory.set(key, value);
      ask((store) => {
        store.setItem(prefix + key, value);
        memory.delete(key);
      });
    },
    remove(key) {
      memory.delete(key);
      ask((store) => store.removeItem(prefix + key));
    },
    keys(begin) {
      const all = ask((store) => Array.from({ length: store.length }, (_, i) => store.key(i) ?? "")) ?? [];
      const ours = all.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
      return [...new Set([...memory.keys(), ...ours])].filter((key) => key.startsWith(begin)).sort();
    },
    read<T>(key: string) {
      try {
        return JSON.parse(self.get(key) ?? "") as T;
      } catch {
        return undefined;
      }
    },
    write: (key, value) => self.put(key, JSON.stringify(value)),
    clear: () => self.keys("").forEach(self.remove),
  };
  self.put("?", "");
  self.remove("?");
  return self;
}
