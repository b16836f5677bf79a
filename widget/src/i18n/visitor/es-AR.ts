// Voseo: only what differs from the base.

import type { Words } from "./es.ts";

export const esAR: Partial<Words> = {
  you: "Vos",
  leave_how: "Lo que escribas acá queda guardado. Si nadie llega a tiempo, te damos un número de caso y un plazo.",
};
