/** A well mixed 32-bit number of three; the whole world hangs on it. */
export function hash(seed: number, salt: number, n: number): number {
  let h = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b)) + Math.imul(n, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** 0 ≤ share < 1 */
export const share = (hashed: number): number => hashed / 0x1_0000_0000;

export type Random = () => number;

/** mulberry32 */
export function createRandom(start: number): Random {
  let state = start | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return share((t ^ (t >>> 14)) >>> 0);
  };
}

export const int = (random: Random, below: number): number => Math.floor(random() * below);
export const pick = <T>(random: Random, list: readonly T[]): T => list[int(random, list.length)] as T;
