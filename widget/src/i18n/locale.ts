// Which language the widget speaks.

/** The language of the window: the visitor's wish, unless the conversation has gone over to another language. */
export function inForce(wish: string, conversation: string | null): string {
  return conversation && primary(conversation) !== primary(wish) ? conversation : wish;
}

/** `es` of `es-AR`. */
export function primary(tag: string): string {
  return tag.slice(0, 2).toLowerCase();
}

/** A tag as the server and Intl take it, from whatever stands in a page: `es-AR` of `ES_ar`; English for what is no tag. */
export function tidy(tag: string): string {
  try {
    return new Intl.Locale(tag.replace("_", "-")).baseName;
  } catch {
    return "en";
  }
}
