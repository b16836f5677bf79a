// How near the answer's deadline is. Told by an icon and words, never by colour alone.

import type { DeskItem } from "../../protocol/types";

export type Risk = "fine" | "near" | "missed";

/** So long before its time an answer is at risk, in milliseconds. */
const NEAR_MS = 2 * 60_000;

export function risk(at: number, now: number): Risk {
  return at <= now ? "missed" : at - now <= NEAR_MS ? "near" : "fine";
}

/** How many of them are late or nearly so. */
export const atRisk = (items: readonly DeskItem[], now: number): number =>
  items.filter(({ due }) => due && risk(due.at, now) !== "fine").length;
