// Why a question was asked at the end, or none: the codes of the log in words.

import type { HandoffReason, Outcome, Stage } from "../../protocol/types";
import { lang, topicName, touchpointName, words } from "../app";
import type { ConsoleLang } from "../words";

const es = {
  reason: (why: string) => `Motivo: ${why}`,
  topic: (title: string) => `es la pregunta propia de «${title}»`,
  touchpoint: (name: string) => `punto de contacto «${name}»`,
  outcome: (outcome: string) => `terminó como «${outcome}»`,
  handoff: (reason: string) => `pasó a una persona: «${reason}»`,
  stage: (stage: string) => `etapa ${stage}`,
  apology: (outcome: string) => `terminó como «${outcome}» y se pide perdón`,
  plain: {
    default: "es la pregunta general", no_visitor_turn: "el visitante no llegó a escribir",
    sensitive_topic: "el tema es delicado", no_question_fits: "ninguna pregunta corresponde",
  } as Readonly<Record<string, string>>,
  put: "Se preguntó",
  left: "Sin preguntar, solo en la tarjeta",
  rules: {
    everybody: "en estos casos, siempre", few_answers: "hay pocas respuestas de este punto de contacto", silent: "hacía tiempo que no se le preguntaba",
    drawn: (n: string) => `por sorteo del ${n} %`, not_drawn: (n: string) => `no salió en el sorteo del ${n} %`,
    nobody_there: "ya no estaba", flagged: "tiene una marca por maltrato", too_short: "fue muy breve",
    asked_this_session: "ya se preguntó en esta conversación", case_open: "tiene un caso abierto",
    notice: "hay un aviso en vigor", answered_lately: "respondió hace poco", declined_lately: "hace poco dijo «Ahora no»", asked_enough: "ya se preguntó bastante",
  } as Readonly<Record<string, string | ((n: string) => string)>>,
};

const en: typeof es = {
  reason: (why: string) => `Reason: ${why}`,
  topic: (title: string) => `it is the question of “${title}”`,
  touchpoint: (name: string) => `touchpoint “${name}”`,
  outcome: (outcome: string) => `it ended as “${outcome}”`,
  handoff: (reason: string) => `it went to a person: “${reason}”`,
  stage: (stage: string) => `stage: ${stage}`,
  apology: (outcome: string) => `it ended as “${outcome}”, so we apologise`,
  plain: {
    default: "it is the general question", no_visitor_turn: "the visitor wrote nothing",
    sensitive_topic: "the topic is sensitive", no_question_fits: "no question fits",
  },
  put: "Asked",
  left: "Not asked, only in the closing card",
  rules: {
    everybody: "always in such cases", few_answers: "few answers about this touchpoint", silent: "not asked for a long time",
    drawn: (n) => `drawn by lot, ${n}%`, not_drawn: (n) => `not drawn by lot, ${n}%`,
    nobody_there: "was no longer there", flagged: "flagged for abuse", too_short: "too short",
    asked_this_session: "already asked in this conversation", case_open: "has an open case",
    notice: "a notice is in force", answered_lately: "answered not long ago", declined_lately: "said “not now” not long ago", asked_enough: "asked often enough",
  },
};

const WORDS: Readonly<Record<ConsoleLang, typeof es>> = { es, en };

/** Words with a colon and a detail, joined by commas: `touchpoint:ID,outcome:O`; a code that is not known stays as it is. `put` tells whether the question was put before the visitor. */
export function because(code: string, put?: { now: boolean; why: string }): string {
  const w = words.value;
  const own = WORDS[lang.value];
  const parts = code.split(",").map((part) => {
    const [name = "", value = ""] = part.split(":");
    switch (name) {
      case "topic": return own.topic(topicName(value));
      case "touchpoint": return own.touchpoint(touchpointName(value));
      case "outcome": return own.outcome(w.outcomes[value as Outcome] ?? value);
      case "handoff": return own.handoff(w.reasons[value as HandoffReason] ?? value);
      case "stage": return own.stage(w.stages[value as Stage] ?? value);
      case "apology": return own.apology(w.outcomes[value as Outcome] ?? value);
      default: return own.plain[part] ?? part;
    }
  });
  const reason = own.reason(parts.join(", "));
  if (!put) return reason;
  const [rule = "", n = ""] = put.why.split(":");
  const word = own.rules[rule] ?? put.why;
  return `${reason} · ${put.now ? own.put : own.left}: ${typeof word === "string" ? word : word(n)}`;
}
