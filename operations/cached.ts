import { within } from './within.ts';

export interface CacheOptions {
  /** So long an answer is given without asking again. */
  freshMs: number;
  /** So long it is given while somebody asks again. Default: not at all. */
  staleMs?: number;
  /** So long an answer is waited for. */
  patienceMs: number;
}

/**
 * An answer that may be a little old and may not come: one caller asks for all. Undefined when it takes too long; nobody asks
 * again before that answer has come. Throws what `work` throws.
 */
export function cached<T>(work: () => Promise<T>, options: CacheOptions): () => Promise<T | undefined> {
  const { freshMs, staleMs = 0, patienceMs } = options;
  let known: { value: T; at: number } | undefined;
  let asking: Promise<T> | undefined;
  return async () => {
    const age = known ? Date.now() - known.at : Number.POSITIVE_INFINITY;
    if (known && age < freshMs) return known.value;
    asking ??= work()
      .then((value) => {
        known = { value, at: Date.now() };
        return value;
      })
      .finally(() => {
        asking = undefined;
      });
    if (!known || age >= staleMs) return within(patienceMs, asking);
    // Whoever finds it too old will hear of the error.
    asking.catch(() => {});
    return known.value;
  };
}
