import { type QueueDepth, readQueueDepths } from '../jobs/queue-depths.ts';
import { APPLY_QUEUE } from '../jobs/upsert-record.ts';
import { cached } from './cached.ts';
import type { OperationsContext } from './context.ts';

/** What the queues say of themselves. */
export interface Depths {
  queues: QueueDepth[];
  /** Processes that apply records; without one nothing moves. */
  workers: number;
}

const SECOND = 1000;
/** Hundreds of queues, and every open page asks. */
const FRESH_MS = 2 * SECOND;
const STALE_MS = 10 * SECOND;
const PATIENCE_MS = 2 * SECOND;

const readers = new WeakMap<object, () => Promise<Depths | undefined>>();

/** Undefined when the queue does not answer. */
export function readDepths(context: OperationsContext): Promise<Depths | undefined> {
  const known = readers.get(context.queues);
  if (known) return known();
  const ask = cached(
    async () => {
      const [queues, workers] = await Promise.all([
        readQueueDepths(context),
        context.queues.queue(APPLY_QUEUE).getWorkersCount(),
      ]);
      return { queues, workers };
    },
    { freshMs: FRESH_MS, staleMs: STALE_MS, patienceMs: PATIENCE_MS },
  );
  const reader = () => ask().catch(() => undefined);
  readers.set(context.queues, reader);
  return reader();
}
