import type { Worker } from 'bullmq';
import { fetchQueues } from '../jobs/fetch-queue.ts';
import { forgetOld, thisHour } from '../jobs/forget-old.ts';
import { NOTIFY_PACE_MS, NOTIFY_QUEUE } from '../jobs/notify-queue.ts';
import { SYNC_QUEUE } from '../jobs/plan-sync.ts';
import { prepareHouses } from '../jobs/prepare-houses.ts';
import { jobs } from '../jobs/registry.ts';
import { SWEEP_EVERY_MS, sweep } from '../jobs/sweep.ts';
import { APPLY_QUEUE } from '../jobs/upsert-record.ts';
import type { WorkerContext } from './create-context.ts';
import { keepHeapSmall } from './keep-heap-small.ts';
import { listenToOutboxes } from './listen-to-outboxes.ts';
import { runJob } from './run-job.ts';

export interface Workers {
  /**
   * Takes nothing new and waits for the jobs at work; those that still wait for a vendor near the end of `timeoutMs` are cut
   * off and go back into the line. True when all were done in time.
   */
  stop(timeoutMs: number): Promise<boolean>;
}

/** Many, so that the coalescer has something to gather. */
export const APPLY_CONCURRENCY = 600;
const SYNC_CONCURRENCY = 4;
/** Enough for a vendor that takes 3 s at 2 requests a second, and not too many large answers in memory. */
const PAGES_AT_ONCE = 8;
/** Many, so that look-ups end together and share a transaction. */
const RECORDS_AT_ONCE = 32;

/** Of the time to stop: how much is left to put back the jobs that are cut off. */
const PUTTING_BACK = 0.25;

/** Starts a worker for every queue of the settings, and the clock of the sweep. */
export async function startWorkers(context: WorkerContext): Promise<Workers> {
  keepHeapSmall();
  const { queues, settings, sources } = context;
  await prepareHouses(context);
  const workers: Worker[] = [];
  const add = (name: string, tuning: { concurrency: number; paceMs?: number }) => {
    const worker = queues.worker(name, (job, _token, self) => runJob(jobs, context, job, self), tuning);
    workers.push(worker);
  };
  add(SYNC_QUEUE, { concurrency: SYNC_CONCURRENCY });
  add(APPLY_QUEUE, { concurrency: APPLY_CONCURRENCY });
  if (settings.notify) add(NOTIFY_QUEUE, { concurrency: 1, paceMs: NOTIFY_PACE_MS });
  for (const { name, paceMs, sequential, hasPages } of fetchQueues(settings, sources)) {
    const atOnce = hasPages ? PAGES_AT_ONCE : RECORDS_AT_ONCE;
    add(name, { concurrency: sequential ? 1 : atOnce, paceMs });
    // Over all processes; should the queue forget it, the turns at the vendor hold all the same.
    if (sequential) await queues.queue(name).setGlobalConcurrency(1);
  }
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  const loops = workers.map((worker) =>
    worker.run().catch((error: unknown) => context.log.error({ err: error, queue: worker.name }, 'worker stopped')),
  );
  const listening = await listenToOutboxes(context);
  // The sweep asks every hour; this is for processes that live shorter.
  await context.enqueue(forgetOld, [thisHour()]);
  const clock = setInterval(() => {
    const tick = Math.floor(Date.now() / SWEEP_EVERY_MS);
    context
      .enqueue(sweep, [{ tick }])
      .catch((error: unknown) => context.log.warn({ err: error }, 'could not ask for a sweep'));
  }, SWEEP_EVERY_MS);

  return {
    async stop(timeoutMs) {
      clearInterval(clock);
      await listening.stop();
      // A second `close`, by force, would only wait for the first.
      const closings = [context.stopLookUps(), ...workers.map((worker) => worker.close()), ...loops];
      const closing = Promise.allSettled(closings).then(() => true);
      const inTime = await Promise.race([closing, after(timeoutMs * (1 - PUTTING_BACK))]);
      if (inTime) return true;
      context.close();
      await Promise.race([closing, after(timeoutMs * PUTTING_BACK)]);
      return false;
    },
  };
}

function after(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms).unref());
}
