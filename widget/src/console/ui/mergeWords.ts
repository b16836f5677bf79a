// The words about two conversations of one person. They come with them, not with the first load.

import type { ConsoleLang } from "../words";

const es = {
  title: "También escribió en otra conversación",
  sure: "Es la misma persona: pasó la misma comprobación en las dos.",
  states: {
    bot: "con el asistente", queued: "en la fila", offered: "en la fila", assigned: "en curso", snoozed: "pospuesta", closed: "cerrada",
  } as Readonly<Record<string, string>>,
  other: (when: string, about: string, state: string) => `${when}${about === "" ? "" : ` · «${about}»`} · ${state}`,
  withAgent: (name: string) => `La atiende ${name}`,
  here: "Sigue aquí",
  there: "Esta sigue allí",
  open: "Abrir",
  story: "Leerla aquí",
  loading: "Cargando…",
  unread: "No se pudo leer.",
  merge: "Unir a esta",
  mergeHint: "Lo pendiente de la otra pasa a esta y sus dispositivos continúan aquí. Se puede deshacer durante una hora.",
  merged: "Unida a esta conversación.",
  part: "Separar",
  parted: "Vuelven a ir por separado.",
  mergedFrom: (name: string) => `${name} unió aquí la otra conversación de esta persona.`,
  mergedInto: (name: string) => `${name} la unió a otra conversación de esta persona: sigue allí.`,
  unmerged: "Vuelve a ir por separado de la otra conversación.",
};

const en: typeof es = {
  title: "Also wrote in another conversation",
  sure: "It is the same person: they passed the same check in both.",
  states: {
    bot: "with the assistant", queued: "in the queue", offered: "in the queue", assigned: "in hand", snoozed: "snoozed", closed: "closed",
  },
  other: (when: string, about: string, state: string) => `${when}${about === "" ? "" : ` · “${about}”`} · ${state}`,
  withAgent: (name: string) => `${name} has it`,
  here: "Goes on here",
  there: "This one goes on there",
  open: "Open",
  story: "Read it here",
  loading: "Loading…",
  unread: "It could not be read.",
  merge: "Merge into this one",
  mergeHint: "What is owed there comes here, and its devices go on here. It can be undone for an hour.",
  merged: "Merged into this conversation.",
  part: "Separate",
  parted: "They go on separately again.",
  mergedFrom: (name: string) => `${name} merged this person's other conversation into this one.`,
  mergedInto: (name: string) => `${name} merged it into another conversation of this person: it goes on there.`,
  unmerged: "Goes on separately from the other conversation again.",
};

export const mergeWords = (lang: ConsoleLang): typeof es => (lang === "en" ? en : es);
