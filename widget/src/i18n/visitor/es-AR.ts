// Voseo: only what differs from the base.

import type { Register } from "./es.ts";

export const esAR: Register = {
  you: "Vos",
};
