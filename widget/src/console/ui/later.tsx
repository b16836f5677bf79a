// A part of the page whose file comes with the first need of it.

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";

/** A component that is nothing until its file is here. Without the file the part is missing, not the page: the next one tries again. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const come = signal<ComponentType<Props> | undefined>(undefined);
  return (props) => {
    useEffect(() => void load().then((part) => (come.value = part), () => undefined), []);
    const Part = come.value;
    return Part ? <Part {...props} /> : null;
  };
}
