// The dialog that is open. While its file is on the way no key is a command: `press` sees that a dialog is open.

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { type Dialog as Name, dialog, done, say, words } from "../app";

const all = signal<Readonly<Record<Name, ComponentType>> | undefined>(undefined);

const load = (): Promise<void> => import("./allDialogs").then(({ DIALOGS }) => void (all.value = DIALOGS));

export function OpenDialog() {
  const name = dialog.value;
  // Before the first is wanted; a failure is told when one is.
  useEffect(() => void load().catch(() => undefined), []);
  useEffect(() => {
    if (!name || all.peek()) return;
    load().catch(() => {
      done();
      say(words.value.failures.network, "bad");
    });
  }, [name]);
  const Shown = name && all.value?.[name];
  return Shown ? <Shown key={name} /> : null;
}
