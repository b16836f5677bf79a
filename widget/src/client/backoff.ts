// How long to wait before the next try: exponential with jitter, so that a restarted server is not stormed by everybody at once.

const FIRST_MS = 500;
const MOST_MS = 30_000;

/** Milliseconds before try `tries` (0 is the first); `random` in [0, 1). Between half of the step and the whole step. */
export function backoff(tries: number, random: number): number {
  const step = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(tries, 10));
  return Math.round(step / 2 + (step / 2) * random);
}
