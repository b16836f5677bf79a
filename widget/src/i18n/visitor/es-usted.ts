// Formal address: only what differs from the base.

import type { Register } from "./es.ts";

export const esUsted: Register = {
  you: "Usted",
  compose: "Su mensaje…",
  events: { left: "Quien atendía tuvo que salir. Su conversación pasa al primer lugar de la fila" },
};
