// A modal dialog. The browser's own: it keeps the focus inside, closes on Esc and gives the focus back.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { dialog } from "../app";

export function Dialog({ label, children, class: name }: { label: string; children: ComponentChildren; class?: string }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const view = box.current;
    if (view && !view.open) view.showModal();
    return () => view?.close();
  }, []);
  return (
    <dialog
      ref={box} aria-label={label} class={name}
      onClose={() => (dialog.value = undefined)}
      onClick={(event) => {
        if (event.target === box.current) dialog.value = undefined;
      }}
    >
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
