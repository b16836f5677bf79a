// The texts of the window. One language is built in: `widget-es.js` brings Spanish, `widget-en.js` English; the other is fetched when it is
// wanted. The build puts english.ts in the place of spanish.ts for the second.

import { primary } from "./locale.ts";
import type { Words } from "./visitor/es.ts";
import { SPOKEN, texts } from "./visitor/spanish.ts";

declare const WORDS_VERSIONS: { [language: string]: string };

/** The texts for `tag`, English for what we do not speak. The address carries the file's hash, so that a browser may keep it for good. */
export async function words(tag: string): Promise<Words> {
  const language = primary(tag) === "es" ? "es" : "en";
  if (language === SPOKEN) return texts;
  return ((await import(new URL(`words-${language}.js?v=${WORDS_VERSIONS[language]}`, import.meta.url).href)) as { texts: Words }).texts;
}
