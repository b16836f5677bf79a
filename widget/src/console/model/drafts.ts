// What was begun and not sent, and what was sent and not acked: kept in the tab, so that a reload loses nothing.

import type { ConversationId } from "../../protocol/types";
import type { Act } from "./state";

/** As much of sessionStorage as is used here. */
export interface Keep {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  key(index: number): string | null;
  readonly length: number;
}

export type Mode = "reply" | "note";

const PREFIX = "ventanilla.console.";
const draftKey = (conversation: ConversationId, mode: Mode): string => `${PREFIX}draft.${mode}.${conversation}`;
const outboxKey = (agent: string): string => `${PREFIX}outbox.${agent}`;

/** Storage that is full or forbidden is no reason to stop: then the tab's memory is all there is. */
const quietly = <T>(run: () => T, otherwise: T): T => {
  try {
    return run();
  } catch {
    return otherwise;
  }
};

export const draft = (keep: Keep, conversation: ConversationId, mode: Mode): string =>
  quietly(() => keep.getItem(draftKey(conversation, mode)) ?? "", "");

export const keepDraft = (keep: Keep, conversation: ConversationId, mode: Mode, text: string): void =>
  quietly(() => (text === "" ? keep.removeItem(draftKey(conversation, mode)) : keep.setItem(draftKey(conversation, mode), text)), undefined);

export const keepOutbox = (keep: Keep, agent: string, acts: readonly Act[]): void =>
  quietly(() => (acts.length === 0 ? keep.removeItem(outboxKey(agent)) : keep.setItem(outboxKey(agent), JSON.stringify(acts))), undefined);

/** What the last page of this tab left unsent. Only lines: a claim or a close of before the reload is to be decided again. */
export function keptOutbox(keep: Keep, agent: string): Act[] {
  const acts: unknown = quietly(() => JSON.parse(keep.getItem(outboxKey(agent)) ?? "[]"), []);
  if (!Array.isArray(acts)) return [];
  return (acts as Act[])
    .filter((act) => act.frame.type === "reply" || act.frame.type === "note")
    .filter((act) => act.step !== "stored")
    .map((act) => (act.step === "sent" ? { ...act, step: "waiting" } : act));
}

/** After signing out nothing of it stays in the browser. */
export const forgetAll = (keep: Keep): void => quietly(() => {
  const keys = Array.from({ length: keep.length }, (_, index) => keep.key(index));
  for (const key of keys) if (key?.startsWith(PREFIX)) keep.removeItem(key);
}, undefined);
