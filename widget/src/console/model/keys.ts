// Which shortcut a key press is, as it is shown to people: `J`, `Ctrl K`. Letters only outside text fields, never with Alt or AltGr: those
// write ñ, á, @ on many layouts. What a shortcut does stands in ui/commands.ts.

/** As much of a KeyboardEvent as is used here. */
export interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  repeat: boolean;
  getModifierState(modifier: string): boolean;
}

/** Shortcuts that go on while the key is held. */
const HELD = ["J", "K"];

/** Where a key press goes to: a field that takes letters, a control that Enter works, or nothing in particular. */
export type Target = "field" | "control" | "page";

/** `letters`: single keys are switched on. */
export function shortcutOf(key: Key, target: Target, letters: boolean): string | undefined {
  if (key.isComposing || key.altKey || key.getModifierState("AltGraph")) return undefined;
  const name = key.key.toUpperCase();
  if (key.ctrlKey || key.metaKey) {
    if (key.repeat) return undefined;
    return name === "K" && !key.shiftKey ? "Ctrl K" : name === "P" && key.shiftKey ? "Ctrl Shift P" : undefined;
  }
  if (target === "field" || !letters) return undefined;
  if (key.key === "Enter") return target === "page" && !key.repeat ? "Enter" : undefined;
  if (key.key.length !== 1 || (key.repeat && !HELD.includes(name))) return undefined;
  return name;
}

/** As it is printed on the keyboard in use. */
export const keyName = (keys: string, mac: boolean): string => (mac ? keys.replace("Ctrl", "⌘").replace("Shift", "⇧") : keys);
