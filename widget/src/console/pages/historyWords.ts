// The words of the history page. They come with the page, not with the first load.

import type { ConsoleLang } from "../words";

const es = {
  lead: "Lo que se habló, para encontrarlo y llevarlo.",
  text: "Palabras, caso o identificador",
  textHint: "Todas en un mismo mensaje; entre comillas, juntas.",
  from: "Desde", to: "Hasta", topic: "Tema", outcome: "Resultado", agent: "Atendió",
  days: (zone: string) => `Días según la hora de ${zone}.`,
  anyTopic: "Cualquiera", anyOutcome: "Cualquiera", anyAgent: "Cualquiera", me: "Yo",
  open: "Abierta",
  search: "Buscar", clear: "Quitar filtros",
  results: "Conversaciones",
  excerpt: "Empieza o dice",
  none: "No hay conversaciones así.",
  noneYet: "Nada hasta aquí.",
  shown: (n: number) => (n === 1 ? "1 conversación" : `${n} conversaciones`),
  reached: (n: number, when: string) => `Se miraron ${n === 1 ? "1 conversación" : `${n} conversaciones`}, hasta la del ${when}.`,
  whole: "Se miraron todas.",
  goOn: "Seguir buscando",
  more: "Ver más",
  catchingUp: "El servidor acaba de arrancar y todavía ordena el historial: puede faltar algo.",
  keep: "Guardar",
  formats: { html: "Página", text: "Texto", json: "JSON" },
  keepAs: (format: string, when: string) => `Guardar como ${format} la conversación del ${when}`,
  notes: "Con las notas internas",
  caseNumber: (number: string) => `Caso ${number}`,
};

const en: typeof es = {
  lead: "What was said, to find it and take it along.",
  text: "Words, case or id",
  textHint: "All in one message; in quotes, side by side.",
  from: "From", to: "To", topic: "Topic", outcome: "Outcome", agent: "Handled by",
  days: (zone: string) => `Days by the time of ${zone}.`,
  anyTopic: "Any", anyOutcome: "Any", anyAgent: "Anybody", me: "Me",
  open: "Open",
  search: "Search", clear: "Clear filters",
  results: "Conversations",
  excerpt: "Begins or says",
  none: "There are no such conversations.",
  noneYet: "Nothing so far.",
  shown: (n: number) => (n === 1 ? "1 conversation" : `${n} conversations`),
  reached: (n: number, when: string) => `Looked through ${n === 1 ? "1 conversation" : `${n} conversations`}, back to ${when}.`,
  whole: "Looked through all of them.",
  goOn: "Go on searching",
  more: "See more",
  catchingUp: "The server has just started and is still sorting the history: something may be missing.",
  keep: "Keep",
  formats: { html: "Page", text: "Text", json: "JSON" },
  keepAs: (format: string, when: string) => `Keep the conversation of ${when} as ${format}`,
  notes: "With internal notes",
  caseNumber: (number: string) => `Case ${number}`,
};

export const historyWords = (lang: ConsoleLang): typeof es => (lang === "en" ? en : es);
