// Acts of the visitor that the server has not acked yet. They survive a reload, and any tab may send them: the server knows an act by its
// id, so that sending one twice does no harm.

import type { ErrorCode, VisitorToServer } from "../protocol/types.ts";
import type { Shelf } from "./shelf.ts";

/** A frame that is acked. */
export type Act = Extract<VisitorToServer, { id: string }>;

/** An act without its id. */
export type NewAct = Act extends infer A ? (A extends Act ? Omit<A, "id"> : never) : never;

/** An act on its way. Kept on the device: the build leaves its names as they are (@kept). */
export interface Item {
  act: Act;
  /** What the visitor sees of it while it is on its way. */
  label?: string | undefined;
  /** Why it was refused: it stays until the visitor sends it again or drops it. */
  failed?: ErrorCode;
}

export interface Outbox {
  /** Everything on its way from all tabs, oldest first. */
  items(): Item[];
  /** Puts a new act at the end. */
  add(item: Item): void;
  /** Changes an act that is still there, its place stays; without a change it is taken out. */
  change(id: string, change?: Partial<Item>): void;
}

/** One storage key an act, so that two tabs never overwrite each other's. */
export function outbox(shelf: Shelf): Outbox {
  let count = 1e6;
  const keys = () => shelf.keys("out:");
  return {
    items: () => keys().flatMap((key) => shelf.read<Item>(key) ?? []),
    // Milliseconds have 13 digits until 2286, so that the keys sort by age.
    add: (item) => shelf.write(`out:${Date.now()}.${count++}.${item.act.id}`, item),
    change(id, change) {
      for (const key of keys()) {
        if (key.endsWith(`.${id}`)) shelf.write(key, change && { ...shelf.read<Item>(key), ...change });
      }
    },
  };
}
