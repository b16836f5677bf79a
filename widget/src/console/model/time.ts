// Times as people read them. `now` comes in; nothing here looks at a clock.

/** `0:48`, `12:05`, `1 h 05`, `3 d`: how long somebody has been waiting. */
export function waited(since: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const two = (n: number): string => String(n).padStart(2, "0");
  if (hours >= 24) return `${Math.floor(hours / 24)} d`;
  if (hours > 0) return `${hours} h ${two(minutes % 60)}`;
  return `${minutes}:${two(seconds % 60)}`;
}

/** How pressing a wait is: told by an icon and words, never by colour alone. */
export type Pressure = "fresh" | "long" | "very_long";

export function pressure(since: number, now: number): Pressure {
  const minutes = (now - since) / 60_000;
  return minutes < 2 ? "fresh" : minutes < 10 ? "long" : "very_long";
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(lang: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${lang} ${name}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(lang, options);
  formats.set(key, made);
  return made;
}

/** `14:03` */
export const clock = (at: number, lang: string): string =>
  format(lang, "clock", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);

/** `sábado, 21 de noviembre` */
export const day = (at: number, lang: string): string =>
  format(lang, "day", { weekday: "long", day: "numeric", month: "long" }).format(at);

/** `21 nov, 14:03` */
export const moment = (at: number, lang: string): string =>
  format(lang, "moment", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);

export const sameDay = (a: number, b: number): boolean => new Date(a).toDateString() === new Date(b).toDateString();

/** `97 %` in Spanish, `97%` in English. */
export function percent(share: number, lang: string): string {
  return new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/** `81 kB`, `2,4 MB` */
export function size(bytes: number, lang: string): string {
  const [value, unit] = bytes < 1_000_000 ? [Math.max(1, Math.round(bytes / 1_000)), "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(lang, { style: "unit", unit: unit as string, maximumFractionDigits: 1 }).format(value as number);
}
