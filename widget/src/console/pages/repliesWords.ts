// The words of the page of canned replies. They come with the page, not with the first load.

import type { ConsoleLang } from "../words";

const es = {
  lead: "Al responder se escribe / y el atajo.",
  new: "Guardar una respuesta",
  short: "Atajo",
  shortHint: "Minúsculas y cifras, sin espacios: hola, reembolso.",
  title: "Título",
  text: "Texto",
  variables: "Se completan solas: {visitor}, {agent}, {order_number}, {case} y los demás datos de la conversación.",
  invalid: "El atajo lleva solo minúsculas, cifras y guiones; título y texto no pueden faltar.",
  sure: (short: string) => `¿Quitar /${short}?`,
};

const en: typeof es = {
  lead: "Type / and the short name while you reply.",
  new: "Save a reply",
  short: "Short name",
  shortHint: "Small letters and digits, no spaces: hello, refund.",
  title: "Title",
  text: "Text",
  variables: "Filled in by themselves: {visitor}, {agent}, {order_number}, {case} and the other details of the conversation.",
  invalid: "A short name has only small letters, digits and hyphens; title and text must be there.",
  sure: (short) => `Remove /${short}?`,
};

export const repliesWords = (lang: ConsoleLang): typeof es => ({ es, en })[lang];
