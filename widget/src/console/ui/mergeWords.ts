// The words about two conversations of one person. They come with them, not with the first load.

import type { ProvenBy } from "../../protocol/types";
import type { ConsoleLang } from "../words";

const es = {
  title: "También escribió en otra conversación",
  proven: { reference: "el mismo número", phone: "el mismo teléfono", mail: "el mismo correo" } as Readonly<Record<ProvenBy, string>>,
  checked: (what: string) => `Comprobado en las dos: ${what}.`,
  unsure: "Ese dato lo puede tener otra persona: no se unen.",
  states: {
    bot: "con el asistente", queued: "en la fila", offered: "en la fila", assigned: "con una persona", snoozed: "pospuesta", closed: "cerrada",
  } as Readonly<Record<string, string>>,
  other: (when: string, about: string, state: string) => `${when}${about === "" ? "" : ` · «${about}»`} · ${state}`,
  withAgent: (name: string) => `La atiende ${name}`,
  here: "Sigue aquí",
  there: "Esta sigue allí",
  open: "Abrir",
  story: "Leerla aquí",
  half: "Desde la otra conversación",
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
  proven: { reference: "the same number", phone: "the same phone", mail: "the same e-mail" },
  checked: (what: string) => `Checked in both: ${what}.`,
  unsure: "That could be somebody else's too: they are not merged.",
  states: {
    bot: "with the assistant", queued: "in the queue", offered: "in the queue", assigned: "with an agent", snoozed: "snoozed", closed: "closed",
  },
  other: (when: string, about: string, state: string) => `${when}${about === "" ? "" : ` · “${about}”`} · ${state}`,
  withAgent: (name: string) => `${name} has it`,
  here: "Continues here",
  there: "This one continues there",
  open: "Open",
  story: "Read it here",
  half: "From the other conversation",
  loading: "Loading…",
  unread: "It could not be read.",
  merge: "Merge into this one",
  mergeHint: "What is owed there moves here, and its devices continue here. It can be undone for an hour.",
  merged: "Merged into this conversation.",
  part: "Separate",
  parted: "They are separate again.",
  mergedFrom: (name: string) => `${name} merged this person's other conversation into this one.`,
  mergedInto: (name: string) => `${name} merged it into another conversation with this person: it continues there.`,
  unmerged: "Separate from the other conversation again.",
};

export const mergeWords = (lang: ConsoleLang): typeof es => (lang === "en" ? en : es);
