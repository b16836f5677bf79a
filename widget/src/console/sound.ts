// Short tones made on the spot, one for each thing to be heard. Browsers allow them only after a gesture.

let audio: AudioContext | undefined;

/** Called at the first gesture, so that later tones are allowed. */
export function unlock(): void {
  try {
    audio ??= new AudioContext();
    if (audio.state === "suspended") void audio.resume();
  } catch {
    // A device without sound still shows the title and the marks.
  }
}

const TONES = {
  queued: [[660, 0], [880, 0.14]],
  offered: [[587, 0], [784, 0.14], [587, 0.28], [784, 0.42]],
  assigned: [[523, 0], [659, 0.12], [784, 0.24]],
  reply: [[740, 0]],
} as const;

export function play(what: keyof typeof TONES): void {
  if (!audio || audio.state !== "running") return;
  for (const [pitch, delay] of TONES[what]) {
    const from = audio.currentTime + delay;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.type = "sine";
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, from);
    volume.gain.exponentialRampToValueAtTime(0.16, from + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.22);
    tone.connect(volume).connect(audio.destination);
    tone.start(from);
    tone.stop(from + 0.24);
  }
}

/** The test button: unlocks and plays at once. */
export async function test(): Promise<void> {
  unlock();
  await audio?.resume().catch(() => undefined);
  play("offered");
}
