// The tone itself.

/** Called by this name from the widget, which is built apart. */
export function start(audio: AudioContext): void {
  const tone = new OscillatorNode(audio, { frequency: 784 });
  const quiet = new GainNode(audio, { gain: 0.06 });
  quiet.gain.setTargetAtTime(0, audio.currentTime, 0.1);
  tone.connect(quiet).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.6);
}
