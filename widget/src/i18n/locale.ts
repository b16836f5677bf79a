// Which language the widget speaks.

import { en } from "./visitor/en.ts";
import { esAR } from "./visitor/es-AR.ts";
import { esUsted } from "./visitor/es-usted.ts";
import { es, type Words } from "./visitor/es.ts";
import { type Translate, translator } from "./translate.ts";

export type VisitorWords = Translate<Words>;

/** The first of these that names a language; then English. In order: the call, `data-lang`, `<html lang>`, the browser. */
export function wished(...tags: (string | null | undefined)[]): string {
  return tags.find((tag) => tag && tag !== "auto") ?? "en";
}

/** The language of the window: the visitor's wish, unless the conversation has gone over to another language. */
export function inForce(wish: string, conversation: string | null): string {
  return conversation && primary(conversation) !== primary(wish) ? conversation : wish;
}

/** `es` of `es-AR`. */
export function primary(tag: string): string {
  return tag.toLowerCase().split(/[-_]/)[0] ?? tag;
}

/** The texts in `tag` or the nearest that we have: register, then base, then English. */
export function words(tag: string): VisitorWords {
  if (primary(tag) !== "es") return translator<Words>("en", en);
  const registers: Record<string, Partial<Words>> = { "es-ar": esAR, "es-usted": esUsted };
  return translator<Words>(intl(tag), registers[tag.toLowerCase()] ?? {}, es);
}

/** The tag for Intl and `lang` attributes, which do not know our register. */
export function intl(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag.replace(/-usted$/i, ""))[0] ?? "en";
  } catch {
    return "en";
  }
}

/** The name of a language in itself: `español`. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([intl(tag)], { type: "language" }).of(intl(tag)) ?? tag;
  } catch {
    return tag;
  }
}
