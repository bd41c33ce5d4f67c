const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/** Wait before the next attempt: doubling from 250 ms to 30 s, with up to half of it taken off so that jobs do not march in step. */
export function backoffMs(attemptsMade: number, random: () => number = Math.random): number {
  const full = Math.min(FIRST_MS * 2 ** Math.min(attemptsMade - 1, 20), LONGEST_MS);
  return Math.round(full * (1 - random() / 2));
}
