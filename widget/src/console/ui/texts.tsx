// What forms of texts in several languages share.

import type { Signal } from "@preact/signals";
import type { Lang } from "../../protocol/types";
import { lang, words } from "../app";
import { languageName } from "../words";

/** Which language is being written. */
export const Languages = ({ all, tag }: { all: readonly Lang[]; tag: Signal<Lang> }) => (
  <div class="all-columns card-acts" role="group" aria-label={words.value.language}>
    {all.map((one) => (
      <button key={one} type="button" aria-pressed={one === tag.value} onClick={() => (tag.value = one)}>{languageName(one, lang.value)}</button>
    ))}
  </div>
);

/** The language a form begins with: the console's, where the company writes in it. */
export const firstOf = (all: readonly Lang[]): Lang => all.find((one) => one === lang.value) ?? all[0] ?? "es";

/** A list with or without one of its entries. */
export const toggled = <T,>(list: readonly T[], one: T, on: boolean): T[] => (on ? [...list, one] : list.filter((other) => other !== one));
