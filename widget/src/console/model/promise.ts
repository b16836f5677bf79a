// Spots a promise in what an agent writes: «te aviso antes de las 18», "I'll let you know by 6 pm". Pure: `now` comes in, times are the device's.

/** What was promised, in the agent's own words, and until when (milliseconds since 1970). */
export interface Spotted { what: string; by: number }

const ES_DAYS = ["domingo", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado"];
const EN_DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const ES_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(" ");
const EN_MONTHS = "january february march april may june july august september october november december".split(" ");

/** Where no hour is said: the end of the morning, of the working day, of the evening. */
const NOON = 12;
const EVENING = 18;
const NIGHT = 21;
/** An hour without morning or afternoon: up to seven nobody works, so it is the afternoon's. */
const EARLIEST = 7;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** First person, to the visitor. Words stand without accents, as `bare` leaves them. */
const VERBS = "avis|escrib|llam|confirm|dig|dec|cuent|cont|respond|contest|envi|mand|pas|devuelv|devolv|inform|actualiz|traig|busc";
const ES_COMMITS = [
  new RegExp(`\\b(te|le|les|os|se lo|te lo|te la)\\s+(?:lo |la )?(?:${VERBS})(?:o|a|amos|emos|imos|are|ere|ire|aremos|eremos|iremos)\\b`),
  new RegExp(`\\b(?:voy|vamos) a (?:${VERBS})(?:ar|er|ir)(?:te|le|les|os|telo|selo)?\\b`),
  /\b(?:tendras|tendra|tendran|vas a tener|va a tener|tienes|tenes|tiene) (?:noticias|respuesta|una respuesta|novedades)\b/,
];
const EN_COMMITS = [
  /\b(?:i|we)(?:'ll| will| shall|'m going to| am going to|'re going to| are going to) (?:let you|write|call|get back|e?-?mail|update|confirm|send|tell|reply|answer|follow up|ring|message|have|come back|be in touch)/,
  /\byou(?:'ll| will) (?:hear|have (?:an answer|news))/,
];

/** Lower case, accents away, one kind of apostrophe; as long as `text`, so that places are the same. */
const bare = (text: string): string =>
  [...text.normalize("NFC")].map((letter) => letter.normalize("NFD").replace(/\p{M}/gu, "").charAt(0).toLowerCase()).join("").replace(/[’`]/g, "'");

/** The promise in `text`, or none. A question is none: nobody has agreed to it. */
export function spot(text: string, now: number): Spotted | undefined {
  for (const sentence of text.split(/(?<=[.!?…])\s+|\n+/)) {
    const words = bare(sentence);
    if (words.includes("?") || words.includes("¿")) continue;
    const spanish = ES_COMMITS.some((commit) => commit.test(words));
    if (!spanish && !EN_COMMITS.some((commit) => commit.test(words))) continue;
    const by = deadline(words, now, spanish);
    if (by !== undefined && by > now) return { what: sentence.trim().replace(/[.!…\s]+$/, ""), by };
  }
  return undefined;
}

/** The time that a sentence names. */
function deadline(words: string, now: number, spanish: boolean): number | undefined {
  const span = spanish ? spanEs(words) : spanEn(words);
  if (span !== undefined) return now + span;
  const day = spanish ? dayEs(words, now) : dayEn(words, now);
  const time = spanish ? timeEs(words) : timeEn(words);
  if (day === undefined && time === undefined) return undefined;
  return moment(day, time, now);
}

interface Time { hour: number; minute: number; /** Morning or afternoon was said, or it is plain from the number. */ sure: boolean }

function moment(day: number | undefined, time: Time | undefined, now: number): number {
  const on = (shift: number, hour: number, minute = 0): number => {
    const at = new Date(now);
    at.setHours(0, 0, 0, 0);
    at.setDate(at.getDate() + shift);
    at.setHours(hour, minute);
    return at.getTime();
  };
  if (!time) {
    const end = on(day ?? 0, EVENING);
    return end > now ? end : on(day ?? 0, NIGHT);
  }
  const { hour, minute, sure } = time;
  if (day !== undefined && day > 0) return on(day, !sure && hour <= EARLIEST ? hour + 12 : hour, minute);
  const first = on(0, hour, minute);
  if (first > now && (sure || hour > EARLIEST)) return first;
  const later = on(0, hour + 12, minute);
  if (!sure && hour < 12 && later > now) return later;
  // Today it is past: the next one is tomorrow's, unless today was said.
  return day === 0 ? first : on(1, !sure && hour <= EARLIEST ? hour + 12 : hour, minute);
}

const clock = (found: RegExpExecArray | null): { hour: number; minute: number } | undefined => {
  const hour = Number(found?.[1]);
  const minute = Number(found?.[2] ?? 0);
  return found && hour <= 24 && minute < 60 ? { hour: hour % 24, minute } : undefined;
};

function timeEs(words: string): Time | undefined {
  if (/\b(?:al?|de) mediodia\b/.test(words)) return { hour: NOON, minute: 0, sure: true };
  if (/\bmedianoche\b/.test(words)) return { hour: 23, minute: 59, sure: true };
  const found = clock(/\b(?:las?|l@s)\s+(\d{1,2})(?:[:.h](\d{2}))?/.exec(words)) ?? clock(/\b(\d{1,2})[:.](\d{2})\b/.exec(words)) ?? clock(/\b(\d{1,2})\s*(?:hs?|horas)\b/.exec(words));
  if (found) {
    const half = /\blas?\s+\d{1,2} y media\b/.test(words) ? 30 : /\blas?\s+\d{1,2} y cuarto\b/.test(words) ? 15 : found.minute;
    const pm = /\bde la (?:tarde|noche)\b|\bp\.?\s?m\b/.test(words);
    const am = /\bde la manana\b|\ba\.?\s?m\b/.test(words);
    return { hour: pm && found.hour < 12 ? found.hour + 12 : found.hour, minute: half, sure: pm || am || found.hour >= 12 };
  }
  if (/\b(?:por|a|en) la manana\b|\besta manana\b|\ba primera hora\b/.test(words)) return { hour: NOON, minute: 0, sure: true };
  if (/\b(?:por|a|en) la tarde\b|\besta tarde\b|\bultima hora\b/.test(words)) return { hour: EVENING, minute: 0, sure: true };
  if (/\b(?:por|a|en) la noche\b|\besta noche\b/.test(words)) return { hour: NIGHT, minute: 0, sure: true };
  return undefined;
}

function timeEn(words: string): Time | undefined {
  if (/\b(?:noon|midday)\b/.test(words)) return { hour: NOON, minute: 0, sure: true };
  if (/\bmidnight\b/.test(words)) return { hour: 23, minute: 59, sure: true };
  const half = /\b(\d{1,2})(?:[:.](\d{2}))?\s*([ap])\.?m\b/.exec(words);
  const said = clock(half);
  if (half && said) {
    const hour = (said.hour % 12) + (half[3] === "p" ? 12 : 0);
    return { hour, minute: said.minute, sure: true };
  }
  const found = clock(/\b(\d{1,2})[:.](\d{2})\b/.exec(words)) ?? clock(/\b(?:by|before|at|around|until)\s+(\d{1,2})\b(?!\s*(?:st|nd|rd|th|\/|minutes|hours|days))/.exec(words));
  if (found) return { ...found, sure: found.hour >= 12 };
  if (/\bmorning\b/.test(words)) return { hour: NOON, minute: 0, sure: true };
  if (/\b(?:afternoon|end of (?:the )?day|close of business|eod)\b/.test(words)) return { hour: EVENING, minute: 0, sure: true };
  if (/\b(?:tonight|evening)\b/.test(words)) return { hour: NIGHT, minute: 0, sure: true };
  return undefined;
}

/** Days from today. */
function dayEs(words: string, now: number): number | undefined {
  if (/\bpasado manana\b/.test(words)) return 2;
  // «Mañana» is a day where it is not a part of one.
  if (/(?<!\b(?:la|esta|de la|por la|a la|en la) )\bmanana\b/.test(words)) return 1;
  if (/\b(?:hoy|esta (?:manana|tarde|noche))\b/.test(words)) return 0;
  return weekday(words, ES_DAYS, now) ?? date(words, ES_MONTHS, now);
}

function dayEn(words: string, now: number): number | undefined {
  if (/\bday after tomorrow\b/.test(words)) return 2;
  if (/\btomorrow\b/.test(words)) return 1;
  if (/\b(?:today|tonight|this (?:morning|afternoon|evening)|end of (?:the )?day|eod)\b/.test(words)) return 0;
  return weekday(words, EN_DAYS, now) ?? date(words, EN_MONTHS, now);
}

function weekday(words: string, names: readonly string[], now: number): number | undefined {
  const index = names.findIndex((name) => new RegExp(`\\b${name}\\b`).test(words));
  // The day's own name means the next one.
  return index === -1 ? undefined : ((index - new Date(now).getDay() + 6) % 7) + 1;
}

/** `25/11`, `25 de noviembre`, `November 25`, `25 November`; a date that is past is next year's. */
function date(words: string, months: readonly string[], now: number): number | undefined {
  const name = months.join("|");
  const found = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: de| of)? (${name})\\b`).exec(words)
    ?? new RegExp(`\\b(${name}) (\\d{1,2})(?:st|nd|rd|th)?\\b`).exec(words);
  const slashed = /\b(\d{1,2})\/(\d{1,2})\b/.exec(words);
  const [a = "", b = ""] = found?.slice(1) ?? [];
  const number = slashed ? Number(slashed[1]) : Number(/\d/.test(a) ? a : b);
  const month = slashed ? Number(slashed[2]) - 1 : months.indexOf(/\d/.test(a) ? b : a);
  if ((!found && !slashed) || number < 1 || number > 31 || month < 0 || month > 11) return undefined;
  const today = new Date(now);
  today.setHours(0, 0, 0, 0);
  const at = new Date(today);
  at.setMonth(month, number);
  if (at < today) at.setFullYear(at.getFullYear() + 1);
  return Math.round((at.getTime() - today.getTime()) / DAY);
}

const amount = (said: string): number => (/^\d+$/.test(said) ? Number(said) : ({ un: 1, una: 1, a: 1, an: 1, one: 1, dos: 2, two: 2, tres: 3, three: 3 }[said] ?? 1));

function spanEs(words: string): number | undefined {
  if (/\b(?:en|dentro de) media hora\b/.test(words)) return HOUR / 2;
  const found = /\b(?:en|dentro de|antes de)(?: unas?| unos?)? (\d+|una?|dos|tres) (minuto|min|hora|h\b|dia)/.exec(words);
  if (!found) return undefined;
  const unit = found[2] === "dia" ? DAY : found[2]?.startsWith("m") ? MINUTE : HOUR;
  return amount(found[1] ?? "") * unit;
}

function spanEn(words: string): number | undefined {
  if (/\b(?:in|within) half an hour\b/.test(words)) return HOUR / 2;
  const found = /\b(?:in|within)(?: the next| about)? (\d+|an?|one|two|three) (minute|min|hour|day)/.exec(words);
  if (!found) return undefined;
  return amount(found[1] ?? "") * (found[2] === "day" ? DAY : found[2] === "hour" ? HOUR : MINUTE);
}
