// A time as it stands beside a word: the hour today, else day and hour.

import type { PromiseCard } from "../../protocol/types";
import { lang, now, words } from "../app";
import { clock, moment, sameDay } from "../model/time";

export const when = (at: number): string => (sameDay(at, now.peek()) ? clock(at, lang.value) : moment(at, lang.value));

/** By when something is owed; a call has its hour. */
export const owed = ({ by, kind, late }: PromiseCard): string =>
  words.value[kind === "call_back" ? "callAt" : late ? "lateSince" : "dueBy"](when(by));

/** `hoy, 18:00`; `mañana, 10:00`; else day and hour. */
export function whenSoon(at: number): string {
  const w = words.value;
  const today = now.peek();
  const hour = clock(at, lang.value);
  return sameDay(at, today) ? `${w.later.today}, ${hour}` : sameDay(at, today + 86_400_000) ? `${w.later.tomorrow}, ${hour}` : moment(at, lang.value);
}
