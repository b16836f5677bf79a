// A soft tone for a new message. Browsers let a page sound only after a gesture; before that this is silent.

let audio: AudioContext | undefined;

/** Prepares the sound; to be called in a gesture. */
export function unlock(): void {
  audio ??= new AudioContext();
}

export function chime(): void {
  if (audio?.state !== "running") return;
  const now = audio.currentTime;
  const tone = new OscillatorNode(audio, { frequency: 784 });
  const gain = new GainNode(audio, { gain: 0.06 });
  gain.gain.setTargetAtTime(0, now + 0.08, 0.08);
  tone.connect(gain).connect(audio.destination);
  tone.start();
  tone.stop(now + 0.6);
}
