// A soft tone for a new message. Browsers let a page sound only after a gesture; before that this is silent.

let audio: AudioContext | undefined;

/** Prepares the sound; to be called in a gesture. */
export function unlock(): void {
  audio ??= new AudioContext();
}

export function chime(): void {
  if (audio?.state !== "running") return;
  const tone = new OscillatorNode(audio, { frequency: 784 });
  const quiet = new GainNode(audio, { gain: 0.06 });
  quiet.gain.setTargetAtTime(0, audio.currentTime, 0.1);
  tone.connect(quiet).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.6);
}
