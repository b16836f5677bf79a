// Which language the widget speaks.

import type { Words } from "./visitor/es.ts";
import { type Translate, translator } from "./translate.ts";

export type VisitorWords = Translate<Words>;

/** The language of the window: the visitor's wish, unless the conversation has gone over to another language. */
export function inForce(wish: string, conversation: string | null): string {
  return conversation && primary(conversation) !== primary(wish) ? conversation : wish;
}

/** `es` of `es-AR`. */
export function primary(tag: string): string {
  return tag.slice(0, 2).toLowerCase();
}

/** The file of the widget that has the texts for `tag`; English for what we do not speak. */
export function wordsFile(tag: string): "spanish" | "english" {
  return primary(tag) === "es" ? "spanish" : "english";
}

/** A translator over the texts of that file. */
export function speak(tag: string, words: Words): VisitorWords {
  return translator(wordsFile(tag) === "spanish" ? "es" : "en", words);
}

/** A tag as the server and Intl take it, from whatever stands in a page: `es-AR` of `ES_ar`; English for what is no tag. */
export function tidy(tag: string): string {
  try {
    return new Intl.Locale(tag.replace("_", "-")).baseName;
  } catch {
    return "en";
  }
}
