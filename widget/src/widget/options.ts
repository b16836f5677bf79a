// What a page says about itself: on the snippet or in `Ventanilla('boot', …)`.

import type { Stage, Style } from "../protocol/types.ts";

export interface Options {
  /** The site's id, as the server is configured. */
  site: string;
  /** Where the server is: `https://chat.example.com`. */
  server: string;
  lang?: string | undefined;
  stage?: Stage | undefined;
  touchpoint?: string | undefined;
  style?: Style | undefined;
  /** Shown in the menu before the server has told its own. */
  phone?: string | undefined;
  mail?: string | undefined;
  theme?: "light" | undefined;
}

const STAGES: readonly string[] = ["awareness", "consideration", "purchase", "use", "loyalty"] satisfies Stage[];
const STYLES: readonly string[] = ["fast", "warm"] satisfies Style[];

/** Options from the attributes of a snippet or from a call. What we do not know is left out, with a word in the browser's console. */
export function options(given: Record<string, unknown>, server: string): Partial<Options> {
  const out: Record<string, unknown> = { server };
  for (const name of ["site", "server", "lang", "touchpoint", "phone", "mail"]) {
    const value = given[name];
    if (typeof value === "string" && value !== "") out[name] = value;
  }
  const oneOf = (name: string, words: readonly string[]) => {
    const value = given[name];
    if (value === undefined || value === "" || value === "auto") return;
    if (words.includes(String(value))) out[name] = value;
    else console.warn(`Ventanilla: ${name} "${String(value)}" is not one of ${words.join(", ")}; it is ignored.`);
  };
  oneOf("stage", STAGES);
  oneOf("style", STYLES);
  oneOf("theme", ["light"]);
  return out;
}
