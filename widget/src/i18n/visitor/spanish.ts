// Spanish with its registers, as one file that is loaded when it is wanted.

import { esAR } from "./es-AR.ts";
import { esUsted } from "./es-usted.ts";
import { es, type Words } from "./es.ts";

/** The texts in `tag`, a Spanish one: the register over the base. */
export default function spanish(tag: string): Words {
  return { ...es, ...{ "es-AR": esAR, "es-usted": esUsted }[tag] };
}
