// Which command a key means. Letters only outside text fields, never with Alt or AltGr: those write ñ, á, @ on many layouts.

export type Command =
  | "palette" | "down" | "up" | "claim" | "reply" | "note" | "close" | "return" | "help";

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

const LETTERS: Readonly<Record<string, Command>> = {
  j: "down", k: "up", a: "claim", r: "reply", n: "note", e: "close", b: "return", "?": "help",
};

/** Single keys, as they are shown to people. */
export const KEYS: Readonly<Record<Command, string>> = {
  palette: "Ctrl K", down: "J", up: "K", claim: "A", reply: "R", note: "N", close: "E", return: "B", help: "?",
};

/** `typing`: the key goes to a text field or a control that wants letters. `letters`: single keys are switched on. */
export function commandOf(key: Key, typing: boolean, letters: boolean): Command | undefined {
  if (key.isComposing || key.altKey || key.getModifierState("AltGraph")) return undefined;
  const letter = key.key.toLowerCase();
  if (key.ctrlKey || key.metaKey) return letter === "k" && !key.repeat ? "palette" : undefined;
  if (typing || !letters) return undefined;
  const command = LETTERS[letter];
  return key.repeat && command !== "up" && command !== "down" ? undefined : command;
}
