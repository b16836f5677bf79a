// How long to wait before the next try: exponential with jitter, so that a restarted server is not stormed by everybody at once.

const FIRST_MS = 500;
const MOST_MS = 30_000;

/** Milliseconds before try `tries` (0 is the first): between half of the step and the whole step; `random` in [0, 1). */
export function backoff(tries: number, random: number = Math.random()): number {
  return (Math.min(MOST_MS, FIRST_MS * 2 ** tries) * (1 + random)) / 2;
}
