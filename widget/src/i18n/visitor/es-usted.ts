// Formal address: only what differs from the base.

import type { Words } from "./es.ts";

export const esUsted: Partial<Words> = {
  you: "Usted",
  compose: "Su mensaje…",
  leave_how: "Lo que escriba aquí queda guardado. Si nadie llega a tiempo, le damos un número de caso y un plazo.",
  left: "Quien atendía tuvo que salir. Su conversación pasa al primer lugar de la fila",
};
