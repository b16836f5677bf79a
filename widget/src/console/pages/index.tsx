// The pages beside the desk: who may open them, and the file that each comes in when it is opened first.

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { words } from "../app";
import type { Page } from "../route";

type Beside = Exclude<Page, "desk">;

const FILES: Readonly<Record<Beside, () => Promise<ComponentType>>> = {
  now: () => import("./Now").then(({ Now }) => Now),
  history: () => import("./History").then(({ History }) => History),
  insights: () => import("./Insights").then(({ Insights }) => Insights),
  replies: () => import("./Replies").then(({ Replies }) => Replies),
  notices: () => import("./notices/Notices").then(({ Notices }) => Notices),
  feedback: () => import("./Feedback").then(({ Feedback }) => Feedback),
  improvements: () => import("./improvements/Improvements").then(({ Improvements }) => Improvements),
  missed: () => import("./teaching/Missed").then(({ Missed }) => Missed),
  health: () => import("./teaching/Health").then(({ Health }) => Health),
  topics: () => import("./Topics").then(({ Topics }) => Topics),
  people: () => import("./People").then(({ People }) => People),
};

const loaded = signal<{ readonly [page in Beside]?: ComponentType }>({});
/** The last try of a page did not get its file. */
const missing = signal(false);

async function load(page: Beside): Promise<void> {
  missing.value = false;
  try {
    const shown = await FILES[page]();
    loaded.value = { ...loaded.value, [page]: shown };
  } catch {
    missing.value = true;
  }
}

export function PageBeside({ page }: { page: Beside }) {
  const w = words.value;
  const Shown = loaded.value[page];
  useEffect(() => {
    if (!Shown) void load(page);
  }, [page]);
  if (Shown) return <Shown />;
  return missing.value
    ? <p class="empty" role="alert">{w.failures.network} <button type="button" class="link" onClick={() => void load(page)}>{w.retry}</button></p>
    : <p class="empty" role="status">{w.loading}</p>;
}
