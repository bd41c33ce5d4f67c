import { hash, share } from './random.ts';

/**
 * The listing with some rows twice in a row, so that a page holds a row twice or begins with the last one of the page
 * before. Pages keep their size and no row is lost.
 */
export function withRepeats(ids: readonly number[], rate: number, seed: number): readonly number[] {
  if (rate <= 0) return ids;
  const repeated: number[] = [];
  for (const id of ids) {
    repeated.push(id);
    if (share(hash(seed, 121, id)) < rate) repeated.push(id);
  }
  return repeated;
}

/** 10 → 7 */
export const smallerPage = (size: number): number => Math.max(1, Math.ceil(size * 0.7));
