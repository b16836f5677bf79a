// The words of the history page. They come with the page, not with the first load.

import type { ConsoleLang } from "../words";

const es = {
  lead: "Conversaciones anteriores, para buscarlas y guardarlas.",
  text: "Palabras, caso o identificador",
  textHint: "Todas las palabras en un mismo mensaje; entre comillas, la frase exacta.",
  from: "Desde", to: "Hasta", topic: "Tema", outcome: "Resultado", agent: "Atendió",
  days: (zone: string) => `Días según la hora de ${zone}.`,
  anyTopic: "Cualquiera", anyOutcome: "Cualquiera", anyAgent: "Cualquiera", me: "Yo",
  open: "Abierta",
  merged: "Unida a otra",
  search: "Buscar", searching: "Buscando…", clear: "Quitar filtros",
  results: "Conversaciones",
  excerpt: "Fragmento",
  none: "Ninguna conversación coincide.",
  noneYet: "Nada por ahora.",
  shown: (n: number) => (n === 1 ? "1 conversación" : `${n} conversaciones`),
  reached: (n: number, when: string) => `${n === 1 ? "Se revisó 1 conversación" : `Se revisaron ${n} conversaciones`}, hasta la del ${when}.`,
  whole: "Se revisaron todas.",
  goOn: "Seguir buscando",
  more: "Ver más",
  catchingUp: "El servidor acaba de arrancar y todavía está cargando el historial: puede faltar algo.",
  keep: "Guardar",
  formats: { html: "Página", text: "Texto", json: "JSON" },
  keepAs: (format: string, when: string) => `Guardar como ${format} la conversación del ${when}`,
  notes: "Con las notas internas",
  caseNumber: (number: string) => `Caso ${number}`,
};

const en: typeof es = {
  lead: "Past conversations, to find and to save.",
  text: "Words, case or id",
  textHint: "All words in one message; in quotes, the exact phrase.",
  from: "From", to: "To", topic: "Topic", outcome: "Outcome", agent: "Handled by",
  days: (zone: string) => `Days in ${zone} time.`,
  anyTopic: "Any", anyOutcome: "Any", anyAgent: "Anybody", me: "Me",
  open: "Open",
  merged: "Merged into another",
  search: "Search", searching: "Searching…", clear: "Clear filters",
  results: "Conversations",
  excerpt: "Excerpt",
  none: "No conversations match.",
  noneYet: "Nothing so far.",
  shown: (n: number) => (n === 1 ? "1 conversation" : `${n} conversations`),
  reached: (n: number, when: string) => `Looked through ${n === 1 ? "1 conversation" : `${n} conversations`}, back to ${when}.`,
  whole: "Looked through all of them.",
  goOn: "Keep searching",
  more: "See more",
  catchingUp: "The server has just started and is still loading the history: something may be missing.",
  keep: "Save",
  formats: { html: "Page", text: "Text", json: "JSON" },
  keepAs: (format: string, when: string) => `Save the conversation of ${when} as ${format}`,
  notes: "With internal notes",
  caseNumber: (number: string) => `Case ${number}`,
};

export const historyWords = (lang: ConsoleLang): typeof es => (lang === "en" ? en : es);
