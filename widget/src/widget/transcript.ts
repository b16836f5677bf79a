// The conversation as a text that the visitor can keep.

import { noteText } from "./entries.ts";
import type { Model } from "./model.ts";

/** One paragraph a message: time, author, words. */
export function transcript(model: Model): string {
  const { state, t, site, locale } = model;
  const time = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short" });
  const assistant = site ? `${site.assistant} (${t("assistant")})` : t("assistant");
  const out: string[] = [site?.brand ?? "", ""];
  for (const { at, event } of state.lines) {
    const say = (author: string, text: string) => out.push(`[${time.format(at)}] ${author}: ${text}`);
    switch (event.kind) {
      case "session_opened":
      case "bot":
        for (const text of event.texts) say(assistant, text);
        break;
      case "opinion":
        say(assistant, event.text);
        break;
      case "agent":
        say(event.name, event.text);
        break;
      case "visitor":
        say(t("you"), event.text);
        break;
      case "rated":
        if (event.text) say(t("you"), event.text);
        break;
      default: {
        const note = noteText(event, model);
        if (note) out.push(`[${time.format(at)}] — ${note}`);
      }
    }
  }
  return `${out.join("\n").trim()}\n`;
}

/** Hands `text` to the browser as a file. */
export function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
