// The words of the console in the language of the person, and what depends on it.

import { en } from "./en";
import { type Words, es } from "./es";

export type { Words } from "./es";

export type ConsoleLang = "es" | "en";

const DICTIONARIES: Readonly<Record<ConsoleLang, Words>> = { es, en };

export const wordsOf = (lang: ConsoleLang): Words => DICTIONARIES[lang];

/** The console speaks two languages; any other becomes the nearest one that it has. */
export const consoleLang = (tag: string | undefined): ConsoleLang => (tag?.toLowerCase().startsWith("en") ? "en" : "es");

/** The name of a language: «inglés». */
export function languageName(tag: string, lang: ConsoleLang): string {
  try {
    return new Intl.DisplayNames(lang, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
