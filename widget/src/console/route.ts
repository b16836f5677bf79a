// Where in the console one is, as the address's hash says: `#/desk/CONVERSATION`, `#/now`, `#/feedback` ….

import { effect, signal } from "@preact/signals";
import type { ConversationId, Role } from "../protocol/types";

export type Page = "desk" | "now" | "history" | "insights" | "feedback" | "improvements" | "notices" | "replies" | "missed" | "health" | "topics" | "people";

/** `within`: a topic or a draft, on the page of topics. */
export interface Route { page: Page; conversation?: ConversationId; within?: string }

const PAGES: readonly Page[] = ["desk", "now", "history", "insights", "notices", "feedback", "improvements", "replies", "missed", "health", "topics", "people"];

/** Pages that a role may open. */
export const pagesOf = (role: Role): readonly Page[] => (role === "agent" ? ["desk", "history"] : PAGES.slice(0, role === "lead" ? 10 : 12));

export function read(hash: string): Route {
  const [page, conversation] = hash.replace(/^#\/?/, "").split("/");
  const known = PAGES.find((one) => one === page) ?? "desk";
  return !conversation ? { page: known } : known === "desk" ? { page: known, conversation } : { page: known, within: conversation };
}

export const link = ({ page, conversation, within = conversation }: Route): string => `#/${page}${within ? `/${within}` : ""}`;

export const route = signal<Route>(read(location.hash));

addEventListener("hashchange", () => (route.value = read(location.hash)));

/** The conversation that is, or was, open at the desk: coming back from another page one finds it again. */
export const lastTalk = signal<ConversationId | undefined>(route.peek().conversation);

effect(() => {
  if (route.value.page === "desk") lastTalk.value = route.value.conversation;
});

/** The desk as one left it. */
export const deskRoute = (): Route => (lastTalk.value === undefined ? { page: "desk" } : { page: "desk", conversation: lastTalk.value });

export function go(to: Route): void {
  if (link(to) !== location.hash) location.hash = link(to);
}
