// Which shortcut a key press is, as it is shown to people: `J`, `Ctrl K`. Letters only outside text fields, never with Alt or AltGr: those
// write ñ, á, @ on many layouts. What a shortcut does stands in ui/commands.ts.

/** As much of a KeyboardEvent as is used here. */
export interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  repeat: boolean;
  getModifierState(modifier: string): boolean;
}

/** Shortcuts that go on while the key is held. */
const HELD = ["J", "K"];

/** `typing`: the key goes to a text field or a control that wants letters. `letters`: single keys are switched on. */
export function shortcutOf(key: Key, typing: boolean, letters: boolean): string | undefined {
  if (key.isComposing || key.altKey || key.getModifierState("AltGraph") || key.key.length !== 1) return undefined;
  const name = key.key.toUpperCase();
  if (key.ctrlKey || key.metaKey) return name === "K" && !key.repeat ? "Ctrl K" : undefined;
  if (typing || !letters || (key.repeat && !HELD.includes(name))) return undefined;
  return name;
}
