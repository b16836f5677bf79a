// A time as it stands beside a word: the hour today, else day and hour.

import { lang, now } from "../app";
import { clock, moment, sameDay } from "../model/time";

export const when = (at: number): string => (sameDay(at, now.peek()) ? clock(at, lang.value) : moment(at, lang.value));
