// `@Ana Ruiz` in a note.

/** A text cut where somebody is named; every second part is a name. */
export function mentions(text: string, names: readonly string[]): string[] {
  const known = names.filter((name) => name !== "").sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return known.length === 0 ? [text] : text.split(new RegExp(`(@(?:${known.join("|")}))(?![\\p{L}\\d])`, "u"));
}

export const names = (text: string, name: string): boolean => mentions(text, [name]).length > 1;
