import type { JobDefinition } from './define-job.ts';
import { ATTEMPTS } from './define-job.ts';
import type { Queues } from './queues.ts';

/** Adds jobs. The only way one gets into a queue. */
export type Enqueue = <P>(job: JobDefinition<P>, payloads: readonly P[]) => Promise<void>;

const HOUR = 3600;
const KEEP_DONE = { age: 1 * HOUR, count: 1000 };
const KEEP_FAILED = { age: 7 * 24 * HOUR, count: 5000 };
const MOST_AT_ONCE = 1000;

export function createEnqueue(queues: Queues): Enqueue {
  return async (job, payloads) => {
    for (const [name, group] of Map.groupBy(payloads, (payload) => job.queue(payload))) {
      for (let start = 0; start < group.length; start += MOST_AT_ONCE) {
        await queues
          .queue(name)
          .addBulk(group.slice(start, start + MOST_AT_ONCE).map((payload) => jobOf(job, payload, queues.backend)));
      }
    }
  };
}

/** The job as the queue takes it; the scheduler uses it as a template. */
export function jobOf<P>(job: JobDefinition<P>, payload: P, backend: Queues['backend'] = 'redis') {
  const { delayMs, keepDone = job.keepDone ?? true, ...options } = job.options?.(payload) ?? {};
  return {
    name: job.name,
    data: job.payload.parse(payload),
    opts: {
      attempts: ATTEMPTS,
      backoff: { type: 'growing' },
      ...retention(backend, keepDone),
      ...(delayMs === undefined ? {} : { delay: delayMs }),
      ...options,
    },
  };
}

/**
 * How long finished jobs are kept. BullMQ's PostgreSQL backend counts the kept jobs at every finish, which is slow and
 * deadlocks when many finish at once: there, age alone decides, and jobs that come in thousands go at once.
 */
function retention(backend: Queues['backend'], keepDone: boolean) {
  if (backend === 'redis') return { removeOnComplete: KEEP_DONE, removeOnFail: KEEP_FAILED };
  return { removeOnComplete: keepDone ? { age: KEEP_DONE.age } : true, removeOnFail: { age: KEEP_FAILED.age } };
}
