// Small values kept under a site's prefix: in the browser's storage, or in memory when the browser refuses (and then `kept` says so).

/** The part of `Storage` that is used: its keys are its own properties. */
export type Store = { [key: string]: string };

/** Whatever happens to the browser's storage, a value that was written can be read for as long as the page lives. */
export interface Shelf {
  /** Whether values outlive the page. */
  readonly kept: boolean;
  /** The value that was written; undefined when there is none or it is not JSON. */
  read<T>(key: string): T | undefined;
  /** Writes a value that JSON can hold; undefined takes it away. */
  write(key: string, value?: unknown): void;
  /** Keys that begin so, without the site's prefix, in order. */
  keys(begin: string): string[];
  /** Forgets everything of this site. */
  clear(): void;
}

/** `open` may throw, as `localStorage` does when cookies are blocked. */
export function shelf(prefix: string, open: () => Store): Shelf {
  let store: Store = {};
  let kept = true;
  const self: Shelf = {
    get kept() {
      return kept;
    },
    read(key) {
      try {
        return JSON.parse(store[prefix + key]!);
      } catch {
        return undefined;
      }
    },
    write(key, value) {
      const name = prefix + key;
      const text = JSON.stringify(value);
      try {
        if (text) store[name] = text;
        else delete store[name];
      } catch {
        // Full: from now on in memory, with what is there.
        kept = false;
        store = { ...store, [name]: text };
      }
    },
    keys: (begin) =>
      Object.keys(store)
        .flatMap((key) => (key.startsWith(prefix + begin) ? key.slice(prefix.length) : []))
        .sort(),
    clear: () => self.keys("").forEach((key) => self.write(key)),
  };
  try {
    store = open();
    self.write("?", 0);
    self.write("?");
  } catch {
    kept = false;
  }
  return self;
}
