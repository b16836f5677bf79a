// A soft tone for a new message. Browsers let a page sound only after a gesture; before that this is silent, and the tone is not fetched.

let audio: AudioContext | undefined;

/** Prepares the sound; to be called in a gesture. */
export function unlock(): void {
  audio ??= new AudioContext();
}

export function chime(): void {
  if (audio?.state === "running") void import("./later.js").then((part) => part.start(audio!));
}
