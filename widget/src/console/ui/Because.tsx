// Why a session ended with this question, or none. The words come with the first session that has ended.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const file = signal<typeof import("./becauseWords") | undefined>(undefined);

/** `why` is the code of the log; the lines before it stand without the file, and the next one tries again. */
export function Because({ why }: { why: string }) {
  useEffect(() => void import("./becauseWords").then((words) => (file.value = words), () => undefined), []);
  return file.value ? <small> · {file.value.because(why)}</small> : null;
}
