// Two soft tones for a new message. Browsers let a page sound only after a gesture; before that this is silent.

let audio: AudioContext | undefined;

/** Prepares the sound; to be called in a gesture. */
export function unlock(): void {
  try {
    audio ??= new AudioContext();
    void audio.resume();
  } catch {
    audio = undefined;
  }
}

/** Sounds once, in one tab only: the first that gets the lock keeps it while the others ask. */
export function chime(name: string): void {
  const play = async (lock: unknown) => {
    if (!audio || audio.state !== "running" || lock === null) return;
    const { currentTime: now, destination } = audio;
    [659, 880].forEach((frequency, i) => {
      if (!audio) return;
      const tone = new OscillatorNode(audio, { frequency });
      const gain = new GainNode(audio, { gain: 0 });
      gain.gain.setTargetAtTime(0.06, now + i * 0.13, 0.01);
      gain.gain.setTargetAtTime(0, now + i * 0.13 + 0.08, 0.06);
      tone.connect(gain).connect(destination);
      tone.start(now + i * 0.13);
      tone.stop(now + 0.8);
    });
    await new Promise((done) => setTimeout(done, 800));
  };
  if (audio?.state === "running") void (navigator.locks?.request(`${name}:sound`, { ifAvailable: true }, play) ?? play(true));
}
