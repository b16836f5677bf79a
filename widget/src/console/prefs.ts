// What a person has set on this device. Kept in localStorage where that is allowed.

import { effect, signal } from "@preact/signals";
import type { TeamId } from "../protocol/types";
import { type ConsoleLang, consoleLang } from "./words";

export type Appearance = "system" | "light" | "dark";

const KEY = "ventanilla.console.prefs";

interface Prefs { lang?: ConsoleLang; sound?: boolean; letters?: boolean; appearance?: Appearance; team?: TeamId; folded?: string[] }

function read(): Prefs {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Prefs) : {};
  } catch {
    return {};
  }
}

const kept = read();

/** Chosen in the menu; else the person's own language, else the browser's. */
export const chosenLang = signal<ConsoleLang | undefined>(kept.lang);
export const ownLang = signal<ConsoleLang>(consoleLang(navigator.language));
export const sound = signal(kept.sound !== false);
export const letters = signal(kept.letters !== false);
export const appearance = signal<Appearance>(kept.appearance ?? "system");

/** Of which team what waits is shown; of all where there is none. */
export const team = signal<TeamId | undefined>(kept.team);
/** Groups of the queue that are folded away. */
export const folded = signal<readonly string[]>(kept.folded ?? []);

effect(() => {
  const now: Prefs = { sound: sound.value, letters: letters.value, appearance: appearance.value, folded: [...folded.value] };
  if (team.value) now.team = team.value;
  if (chosenLang.value) now.lang = chosenLang.value;
  try {
    localStorage.setItem(KEY, JSON.stringify(now));
  } catch {
    // Not allowed here: the settings hold until the page is closed.
  }
});

effect(() => {
  if (appearance.value === "system") document.documentElement.removeAttribute("data-appearance");
  else document.documentElement.dataset.appearance = appearance.value;
});
