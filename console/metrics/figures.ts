import type { Logger } from '../../log/create-logger.ts';
import { createProbe } from '../probe.ts';

/** Numbers that are read from one place, which may be away. */
export interface Figures<T> {
  /** Where from, for the log. */
  part: 'database' | 'queue';
  read(): Promise<T>;
  /** Puts what was read into its metrics. */
  show(found: T): void;
  /** Takes it out of them again: old numbers would look like fresh ones. */
  clear(): void;
}

const SECOND = 1000;
/** Several who scrape, or one who scrapes often, cost no more than one. */
const FRESH_MS = 5 * SECOND;
/** Prometheus waits for ten seconds. */
const PATIENCE_MS = 5 * SECOND;

/** Answers whether the figures could be had; they are read again only when what is shown has grown old. */
export function createGatherer<T>(
  { part, read, show, clear }: Figures<T>,
  log: Pick<Logger, 'warn'>,
  freshMs: number = FRESH_MS,
): () => Promise<boolean> {
  let found: T | undefined;
  let shownAt = Number.NEGATIVE_INFINITY;
  let isUp = true;
  const probe = createProbe(async () => {
    found = await read();
  }, PATIENCE_MS);

  return async () => {
    if (performance.now() - shownAt < freshMs) return true;
    const { error } = await probe();
    if (!error) {
      show(found as T);
      shownAt = performance.now();
    } else {
      clear();
      if (isUp) log.warn({ err: error, part }, 'the metrics are without the numbers of this part');
    }
    isUp = !error;
    return isUp;
  };
}
