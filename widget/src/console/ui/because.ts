// Why a question was asked at the end, or none: the codes of the log in words.

import type { Outcome, Stage } from "../../protocol/types";
import { topicName, words } from "../app";

/** `topic:ID`, `outcome:O`, `outcome:O,stage:S`, `stage:S`, `apology:O`, or one word; a code that is not known stays as it is. */
export function because(code: string): string {
  const w = words.value;
  const parts = code.split(",").map((part) => {
    const [name = "", value = ""] = part.split(":");
    switch (name) {
      case "topic": return w.because.topic(topicName(value));
      case "outcome": return w.because.outcome(w.outcomes[value as Outcome] ?? value);
      case "stage": return w.because.stage(w.stages[value as Stage] ?? value);
      case "apology": return w.because.apology(w.outcomes[value as Outcome] ?? value);
      default: return w.because.plain[part] ?? part;
    }
  });
  return parts.join(", ");
}
