// Lines that differ. The sign says it too, not the colour alone.

import { lang } from "../../app";
import { topicWords } from "./words";
import type { DiffLine } from "./wire";

export function Diff({ lines, label }: { lines: readonly DiffLine[]; label: string }) {
  const t = topicWords(lang.value);
  if (lines.length === 0) return <p class="empty">{t.noDiff}</p>;
  return (
    <div class="diff" tabIndex={0} role="region" aria-label={label}>
      {lines.map((line, index) => (
        <div key={index} class={`diff-line diff-${line.sign}`}>
          <span class="diff-number" aria-hidden="true">{line.new ?? line.old ?? "…"}</span>
          <span class="diff-sign" aria-hidden="true">{line.sign === "added" ? "+" : line.sign === "removed" ? "−" : ""}</span>
          <code>{line.sign === "added" ? <span class="sr">{t.addedLine}: </span> : line.sign === "removed" ? <span class="sr">{t.removedLine}: </span> : null}{line.text}</code>
        </div>
      ))}
    </div>
  );
}
