// A modal dialog. The browser's own: it keeps the focus inside, closes on Esc and gives the focus back.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { done, words } from "../app";

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
      onClose={() => {
        // One that made room for another is gone already.
        if (box.current) done();
      }}
      onClick={(event) => {
        if (event.target === box.current) done();
      }}
    >
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}

/** A dialog that asks and does: title, fields, *Cancel* and the deed. `ready`: it can be done now. */
export function Asking({ title, lead, act, ready = true, onAct, children, class: name }: {
  title: string; lead?: string | undefined; act: string; ready?: boolean; onAct: () => void; children?: ComponentChildren; class?: string;
}) {
  const w = words.value;
  return (
    <Dialog label={title} {...(name ? { class: name } : {})}>
      <form onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        onAct();
        done();
      }}>
        <h2>{title}</h2>
        {lead && <p class="lead">{lead}</p>}
        {children}
        <div class="dialog-foot">
          <button type="button" onClick={done}>{w.cancel}</button>
          <button type="submit" class="primary" disabled={!ready}>{act}</button>
        </div>
      </form>
    </Dialog>
  );
}

/** One of several, as large targets that the arrow keys walk. */
export function Options<T extends string>({ label, name, value, set, options, focus = false }: {
  label: string; name: string; value: T | undefined; set: (value: T) => void; options: readonly { value: T; title: string; hint?: string | undefined }[];
  focus?: boolean;
}) {
  return (
    <fieldset class="options">
      <legend class="sr">{label}</legend>
      {options.map((one, index) => (
        <label key={one.value} class="option">
          <input
            type="radio" name={name} value={one.value} checked={value === one.value} onChange={() => set(one.value)}
            autoFocus={focus && (value === one.value || (value === undefined && index === 0))}
          />
          <span><b>{one.title}</b>{one.hint && <small>{one.hint}</small>}</span>
        </label>
      ))}
    </fieldset>
  );
}
