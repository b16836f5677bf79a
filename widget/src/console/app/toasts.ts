// Words that pass by at the edge of the screen.

import { signal } from "@preact/signals";

const TOAST_MS = 6_000;

/** Goes after a while in which it can be seen: what comes while the window is away is there when somebody looks again. */
const fade = (id: number): void => void setTimeout(() => {
  if (!document.hidden) dismiss(id);
  else document.addEventListener("visibilitychange", () => fade(id), { once: true });
}, TOAST_MS);

export interface Toast { id: number; text: string; tone: "plain" | "bad" }
export const toasts = signal<readonly Toast[]>([]);

let last = 0;

export function say(text: string, tone: Toast["tone"] = "plain"): void {
  const toast: Toast = { id: ++last, text, tone };
  toasts.value = [...toasts.value.slice(-2), toast];
  fade(toast.id);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}
