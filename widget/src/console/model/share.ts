// A new picture of the desk that shares with the old one whatever did not change: only what changed is drawn anew.

import type { DeskView } from "../../protocol/types";

const LISTS = ["waiting", "messages", "assigned", "people", "teams"] as const satisfies readonly (keyof DeskView)[];

const idOf = (one: { conversation: string } | { id: string }): string => ("conversation" in one ? one.conversation : one.id);

function shared<T extends { conversation: string } | { id: string }>(before: readonly T[], after: readonly T[]): T[] {
  const known = new Map(before.map((one) => [idOf(one), one]));
  return after.map((one) => {
    const old = known.get(idOf(one));
    return old && JSON.stringify(old) === JSON.stringify(one) ? old : one;
  });
}

export function share(before: DeskView | undefined, after: DeskView): DeskView {
  if (!before) return after;
  const view = { ...after };
  for (const list of LISTS) Object.assign(view, { [list]: shared<{ conversation: string } | { id: string }>(before[list], after[list]) });
  return view;
}
