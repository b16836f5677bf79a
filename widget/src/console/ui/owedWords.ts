// The words about what is owed to a visitor, and about a block under review. They come with it, not with the first load.

import type { PromiseKind } from "../../protocol/types";
import type { ConsoleLang } from "../words";

const es = {
  title: (n: number) => `Se le debe (${n})`,
  what: { message: "Mensaje", agent: "Qué", call_back: "Qué", appeal: "Sus razones", opinion: "Qué dijo" } as Readonly<Record<PromiseKind, string>>,
  by: "Plazo",
  call: "Llamar",
  late: "Venció",
  caseNumber: "Caso",
  who: { flagged: "Lo marcó", blocked: "Lo bloqueó" },
  why: "Motivo",
  kept: { message: "Respondido", agent: "Cumplida", call_back: "Llamada hecha", opinion: "Atendida" },
  move: "Otro plazo",
  keepBlock: "Mantener el bloqueo",
  liftBlock: "Levantar el bloqueo",
  decides: "Se le dice qué se decidió y el caso queda cerrado.",
  leadDecides: "La decide alguien de coordinación.",
  keptBecause: "Se mantiene después de la revisión",
  liftedBecause: "Se levanta después de la revisión",
  // The end of a conversation
  promisesOpen: "Queda algo prometido. Antes de cerrar hay que cumplirlo o darle otro plazo.",
  unanswered: "El visitante escribió y nadie le respondió:",
  neverAnswered: "Ninguna persona le escribió todavía. Lo último que dijo:",
};

const en: typeof es = {
  title: (n) => `Owed to them (${n})`,
  what: { message: "Message", agent: "What", call_back: "What", appeal: "Their reasons", opinion: "What they said" },
  by: "By",
  call: "Call",
  late: "Was due",
  caseNumber: "Case",
  who: { flagged: "Flagged by", blocked: "Blocked by" },
  why: "Reason",
  kept: { message: "Answered", agent: "Kept", call_back: "Call made", opinion: "Looked after" },
  move: "Another date",
  keepBlock: "Keep the block",
  liftBlock: "Lift the block",
  decides: "They are told what was decided, and the case is closed.",
  leadDecides: "A lead decides it.",
  keptBecause: "Stays after the review",
  liftedBecause: "Lifted after the review",
  promisesOpen: "Something is still promised. Keep it or set another date before you close.",
  unanswered: "The visitor wrote and nobody has replied:",
  neverAnswered: "Nobody has written to them yet. The last thing they said:",
};

export const owedWords = (lang: ConsoleLang): typeof es => (lang === "en" ? en : es);
