// Acts of the visitor that the server has not acked yet. They survive a reload; the server knows an act by its id, so sending one twice
// does no harm, and a tab sends only its own acts and those of tabs that are gone.

import type { ErrorCode, VisitorToServer } from "../protocol/types.ts";
import type { Shelf } from "./shelf.ts";

/** A frame that is acked. */
export type Act = Extract<VisitorToServer, { id: string }>;

/** An act without its id. */
export type NewAct = Act extends infer A ? (A extends Act ? Omit<A, "id"> : never) : never;

/** An act on its way. */
export interface Item {
  act: Act;
  /** The tab that sends it. */
  tab: string;
  /** When it was made, in milliseconds since 1970. */
  at: number;
  /** What the visitor sees of it while it is on its way. */
  label?: string;
  /** Why it was refused: it stays until the visitor sends it again or drops it. */
  failed?: ErrorCode;
}

const KEY = "out:";

/** One storage key an act, so that two tabs never overwrite each other's. */
export class Outbox {
  #shelf: Shelf;
  #count = 0;

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** Everything on its way from all tabs, oldest first. */
  items(): Item[] {
    return this.#shelf.keys(KEY).flatMap((key) => this.#shelf.read<Item>(key) ?? []);
  }

  /** Puts a new act at the end. */
  add(item: Item): void {
    const order = `${String(item.at).padStart(14, "0")}.${String(this.#count++).padStart(6, "0")}`;
    this.#shelf.write(`${KEY}${order}.${item.act.id}`, item);
  }

  /** Changes an act that is still there; its place stays. */
  change(id: string, change: Partial<Item>): void {
    for (const key of this.#keys(id)) {
      const item = this.#shelf.read<Item>(key);
      if (item) this.#shelf.write(key, { ...item, ...change });
    }
  }

  /** The act is done or given up. */
  remove(id: string): void {
    for (const key of this.#keys(id)) this.#shelf.remove(key);
  }

  #keys(id: string): string[] {
    return this.#shelf.keys(KEY).filter((key) => key.endsWith(`.${id}`));
  }
}
