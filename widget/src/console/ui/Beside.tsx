// Other conversations of the same person, and what happened between them. They are rare: their file comes with the first of them.

import type { AgentEventKind, ConversationId, Related } from "../../protocol/types";
import { later } from "./later";

/** What happened between two conversations. */
export type Joint = Extract<AgentEventKind, { kind: "merged_from" | "merged_into" | "unmerged" }>;

export type Shown = { conversation: ConversationId; related: Related[] } | { joint: Joint } | { story: ConversationId };

export const Beside = later<Shown>(() => import("./Merge").then(({ Merge }) => Merge));
