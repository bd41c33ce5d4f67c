import type { Worker } from 'bullmq';
import type { JobContext } from '../jobs/define-job.ts';
import { fetchQueues } from '../jobs/fetch-queue.ts';
import { SYNC_QUEUE } from '../jobs/plan-sync.ts';
import { jobs } from '../jobs/registry.ts';
import { SWEEP_EVERY_MS, sweep } from '../jobs/sweep.ts';
import { APPLY_QUEUE } from '../jobs/upsert-record.ts';
import { runJob } from './run-job.ts';

export interface Workers {
  /** Takes nothing new and waits for the jobs at work; after `timeoutMs` leaves them to be taken over. True when all were done in time. */
  stop(timeoutMs: number): Promise<boolean>;
}

/** Many, so that the coalescer has something to gather. */
const APPLY_CONCURRENCY = 300;
const SYNC_CONCURRENCY = 4;
/** Enough for a vendor that takes 3 s at 2 requests a second. */
const FETCH_CONCURRENCY = 8;

/** Starts a worker for every queue of the settings, and the clock of the sweep. */
export async function startWorkers(context: JobContext): Promise<Workers> {
  const { queues, settings, sources } = context;
  const workers: Worker[] = [];
  const add = (name: string, tuning: { concurrency: number; paceMs?: number }) => {
    const worker = queues.worker(name, (job, _token, self) => runJob(jobs, context, job, self), tuning);
    workers.push(worker);
  };
  add(SYNC_QUEUE, { concurrency: SYNC_CONCURRENCY });
  add(APPLY_QUEUE, { concurrency: APPLY_CONCURRENCY });
  for (const { name, paceMs } of fetchQueues(settings, sources)) add(name, { concurrency: FETCH_CONCURRENCY, paceMs });
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  const loops = workers.map((worker) =>
    worker.run().catch((error: unknown) => context.log.error({ err: error, queue: worker.name }, 'worker stopped')),
  );
  const clock = setInterval(() => {
    const tick = Math.floor(Date.now() / SWEEP_EVERY_MS);
    context
      .enqueue(sweep, [{ tick }])
      .catch((error: unknown) => context.log.warn({ err: error }, 'could not ask for a sweep'));
  }, SWEEP_EVERY_MS);

  return {
    async stop(timeoutMs) {
      clearInterval(clock);
      const closing = Promise.all(workers.map((worker) => worker.close())).then(() => true);
      const inTime = await Promise.race([closing, after(timeoutMs)]);
      if (!inTime) await Promise.allSettled(workers.map((worker) => worker.close(true)));
      await Promise.allSettled(loops);
      return inTime;
    },
  };
}

function after(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms).unref());
}
