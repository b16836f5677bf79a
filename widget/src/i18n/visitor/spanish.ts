// Spanish with its registers, as it is built in or fetched.

import { esAR } from "./es-AR.ts";
import { esUsted } from "./es-usted.ts";
import { es, type Words } from "./es.ts";

export const SPOKEN: string = "es";

/** The texts in `tag`, a Spanish one: the register over the base. */
export function texts(tag: string): Words {
  const register = { "es-AR": esAR, "es-usted": esUsted }[tag];
  return { ...es, ...register, events: { ...es.events, ...register?.events } };
}
