// Words that pass by at the edge of the screen.

import { signal } from "@preact/signals";

const TOAST_MS = 6_000;

export interface Toast { id: number; text: string; tone: "plain" | "bad" }
export const toasts = signal<readonly Toast[]>([]);

let last = 0;

export function say(text: string, tone: Toast["tone"] = "plain"): void {
  const toast: Toast = { id: ++last, text, tone };
  toasts.value = [...toasts.value.slice(-2), toast];
  setTimeout(() => dismiss(toast.id), TOAST_MS);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}
