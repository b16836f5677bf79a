// Other conversations of the same person, and what happened between them. They are rare: their file comes with the first of them.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AgentEventKind, ConversationId, Related } from "../../protocol/types";

/** What happened between two conversations. */
export type Joint = Extract<AgentEventKind, { kind: "merged_from" | "merged_into" | "unmerged" }>;

export type Shown = { conversation: ConversationId; related: Related[] } | { joint: Joint } | { story: ConversationId };

const file = signal<typeof import("./Merge") | undefined>(undefined);

export function Beside(props: Shown) {
  // Without the file the line is missing, not the thread: the next one tries again.
  useEffect(() => void import("./Merge").then((merge) => (file.value = merge), () => undefined), []);
  const File = file.value?.Merge;
  return File ? <File {...props} /> : null;
}
