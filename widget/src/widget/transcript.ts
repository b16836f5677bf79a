// The conversation as a text that the visitor can keep.

import type { Chat } from "./chat.ts";
import { h } from "./dom.ts";

/** Long enough for a browser to have read the file. */
const READ_MS = 10_000;

/** Hands the conversation over as a file: what a screen reader would read of `log`. */
export function download({ site }: Chat, log: HTMLElement): void {
  const rows = [...log.querySelectorAll<HTMLElement>(".row, .note, .day")];
  const text = rows.map((row) => row.innerText.replace(/\s*\n\s*/g, " ").trim()).join("\n");
  const href = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain;charset=utf-8" }));
  h("a", { href, download: `${site?.brand}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(href), READ_MS);
}
