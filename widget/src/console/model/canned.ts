// Canned replies in the composer: found by what stands behind a `/`, their `{variables}` filled from what is known of the conversation.

import type { Card } from "../../protocol/types";

export interface Canned { short: string; lang: string; title: string; text: string }

/** Accents and case do not matter when searching. */
export const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** What is being written before the caret: `/envi` a canned reply, `@an` a colleague. `from`: where it begins. */
export interface Asking { sign: "/" | "@"; query: string; from: number }

export function asking(text: string, caret: number, sign: "/" | "@"): Asking | undefined {
  const found = new RegExp(`(?:^|\\s)(${sign})([\\p{L}\\d_-]*)$`, "u").exec(text.slice(0, caret));
  return found ? { sign, query: found[2] ?? "", from: caret - (found[2] ?? "").length - 1 } : undefined;
}

/** Those in a language, whatever its region. */
export const inLanguage = (all: readonly Canned[], tag: string): Canned[] => all.filter((one) => tag.slice(0, 2).toLowerCase() === one.lang.slice(0, 2));

/** The replies that fit, those whose short name begins so first. */
export function fitting(all: readonly Canned[], query: string, most = 7): Canned[] {
  const wanted = folded(query);
  const rank = ({ short, title }: Canned): number =>
    folded(short).startsWith(wanted) ? 0 : folded(title).includes(wanted) ? 1 : folded(short).includes(wanted) ? 2 : 3;
  return all.map((one) => [rank(one), one] as const).filter(([place]) => place < 3)
    .sort(([a, one], [b, other]) => a - b || one.short.localeCompare(other.short)).slice(0, most).map(([, one]) => one);
}

/** What the variables stand for. */
export function values(card: Card | undefined, agent: string): Readonly<Record<string, string | undefined>> {
  const data = Object.fromEntries(card?.data ?? []) as Record<string, string | undefined>;
  return { ...data, visitor: data["name"] ?? "", agent, case: card?.promises[0]?.case };
}

/** A text with its variables filled. What nobody knows stays in its braces, to be seen; a visitor without a name leaves no hole. */
export const filled = (text: string, known: Readonly<Record<string, string | undefined>>): string =>
  text.replace(/ ?\{(\w+)\}/g, (whole, name: string) => {
    const value = known[name];
    const space = whole.startsWith(" ") ? " " : "";
    return value === undefined ? whole : value === "" ? "" : space + value;
  });

/** The first place that is still to be filled by hand. */
export function unfilled(text: string): { from: number; to: number; name: string } | undefined {
  const found = /\{([a-z]\w*)\}/.exec(text);
  return found ? { from: found.index, to: found.index + found[0].length, name: found[1] ?? "" } : undefined;
}

/** `text` with what is asked for replaced, and where the caret goes. */
export const replaced = (text: string, { from, query }: Asking, by: string): { text: string; caret: number } => ({
  text: text.slice(0, from) + by + text.slice(from + query.length + 1),
  caret: from + by.length,
});
