// Why a session ended with this question, or none, and why it was put before the visitor or not. The words come with the first session that has
// ended.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AgentEventKind } from "../../protocol/types";

const file = signal<typeof import("./becauseWords") | undefined>(undefined);

/** The line stands without the file, and the next one tries again. */
export function Because({ end: { because, question, put_because: why } }: { end: Extract<AgentEventKind, { kind: "closed" }> }) {
  useEffect(() => void import("./becauseWords").then((words) => (file.value = words), () => undefined), []);
  return file.value ? <small> · {file.value.because(because, why ? { now: question?.put ?? false, why } : undefined)}</small> : null;
}
