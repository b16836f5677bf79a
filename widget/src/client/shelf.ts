// Small texts kept under a site's prefix: in the browser's storage, or in memory when the browser refuses (and then `kept` says so).

/** The part of `Storage` that is used. */
export interface Store {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Whatever happens to the browser's storage, a value that was put can be got for as long as the page lives. */
export class Shelf {
  /** Whether values outlive the page. */
  kept = true;
  #store: Store | undefined;
  #prefix: string;
  #memory = new Map<string, string>();

  /** `open` may throw, as `localStorage` does when cookies are blocked. */
  constructor(prefix: string, open: () => Store) {
    this.#prefix = prefix;
    try {
      const store = open();
      store.setItem(`${prefix}?`, "");
      store.removeItem(`${prefix}?`);
      this.#store = store;
    } catch {
      this.kept = false;
    }
  }

  get(key: string): string | null {
    return this.#memory.get(key) ?? this.#store?.getItem(this.#prefix + key) ?? null;
  }

  put(key: string, value: string): void {
    try {
      if (!this.#store) throw new Error("no storage");
      this.#store.setItem(this.#prefix + key, value);
      this.#memory.delete(key);
    } catch {
      this.kept = false;
      this.#memory.set(key, value);
    }
  }

  remove(key: string): void {
    this.#memory.delete(key);
    this.#store?.removeItem(this.#prefix + key);
  }

  /** Keys that begin so, without the site's prefix, in order. */
  keys(begin = ""): string[] {
    const found = new Set<string>(this.#memory.keys());
    for (let i = 0; i < (this.#store?.length ?? 0); i++) {
      const key = this.#store?.key(i);
      if (key?.startsWith(this.#prefix)) found.add(key.slice(this.#prefix.length));
    }
    return [...found].filter((key) => key.startsWith(begin)).sort();
  }

  /** The value that was put as JSON; undefined when there is none or it is not JSON. */
  read<T>(key: string): T | undefined {
    try {
      return JSON.parse(this.get(key) ?? "") as T;
    } catch {
      return undefined;
    }
  }

  write(key: string, value: unknown): void {
    this.put(key, JSON.stringify(value));
  }

  /** Forgets everything of this site. */
  clear(): void {
    for (const key of this.keys()) this.remove(key);
  }
}
