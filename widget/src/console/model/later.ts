// The times that are offered where something is put off: as people say them, in the device's time zone.

export type LaterName = "hour" | "afternoon" | "today" | "tomorrow" | "monday";

export interface Later { name: LaterName; at: number }

const AFTERNOON = 16;
const DAY_END = 18;
const MORNING = 9;

const on = (now: number, days: number, hour: number): number => {
  const at = new Date(now);
  at.setDate(at.getDate() + days);
  at.setHours(hour, 0, 0, 0);
  return at.getTime();
};

/** Half an hour from now is too soon for a choice of its own. */
const ahead = (now: number) => ({ at }: Later): boolean => at - now > 30 * 60_000;

const days = (now: number): number => ((1 - new Date(now).getDay() + 6) % 7) + 1;

/** In an hour, this afternoon, tomorrow at nine, Monday at nine. */
export const snoozes = (now: number): Later[] => [
  { name: "hour" as const, at: now + 3_600_000 },
  { name: "afternoon" as const, at: on(now, 0, AFTERNOON) },
  { name: "tomorrow" as const, at: on(now, 1, MORNING) },
  ...(days(now) > 1 ? [{ name: "monday" as const, at: on(now, days(now), MORNING) }] : []),
].filter(ahead(now));

/** In an hour, by the end of today, by the end of tomorrow. */
export const deadlines = (now: number): Later[] => [
  { name: "hour" as const, at: now + 3_600_000 },
  { name: "today" as const, at: on(now, 0, DAY_END) },
  { name: "tomorrow" as const, at: on(now, 1, DAY_END) },
].filter(ahead(now));

/** As a field of type `datetime-local` wants it. */
export function fieldTime(at: number): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** What stands in such a field; nothing where it is no time. */
export function timeOfField(value: string): number | undefined {
  const at = new Date(value).getTime();
  return Number.isNaN(at) ? undefined : at;
}
