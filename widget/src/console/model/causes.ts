// Conversations of one cause: those who wait, or are in one's own hands, over the same topic.

import type { DeskItem } from "../../protocol/types";

export interface Cause { topic: string; items: DeskItem[] }

/** From so many on it is worth answering them together. */
const ENOUGH = 3;

/** The causes of enough conversations, the largest first. */
export function causes(items: readonly DeskItem[], enough = ENOUGH): Cause[] {
  const byTopic = new Map<string, DeskItem[]>();
  for (const item of items) {
    if (item.topic) byTopic.set(item.topic, [...(byTopic.get(item.topic) ?? []), item]);
  }
  return [...byTopic].map(([topic, items]) => ({ topic, items }))
    .filter(({ items }) => items.length >= enough).sort((a, b) => b.items.length - a.items.length);
}
