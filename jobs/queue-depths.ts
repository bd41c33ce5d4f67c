import type { Settings } from '../settings/settings.ts';
import { fetchQueueName } from './fetch-queue.ts';
import { SYNC_QUEUE } from './plan-sync.ts';
import type { Queues } from './queues.ts';
import { APPLY_QUEUE } from './upsert-record.ts';

export interface QueueDepth {
  queue: string;
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  /** Of the job at the front; jobs with a priority stand before it. */
  oldest_waiting_at: Date | null;
  workers: number;
}

/** Every queue that these settings use. */
export function queueNames(settings: Settings): string[] {
  const fetchQueues = settings.sources.flatMap((source) =>
    source.accounts.flatMap((account) =>
      Object.keys(source.limits).map((rateClass) => fetchQueueName(source.name, account.name, rateClass)),
    ),
  );
  return [SYNC_QUEUE, APPLY_QUEUE, ...fetchQueues];
}

export function readQueueDepths(queues: Queues, settings: Settings): Promise<QueueDepth[]> {
  return Promise.all(queueNames(settings).map((name) => readDepth(queues, name)));
}

async function readDepth(queues: Queues, name: string): Promise<QueueDepth> {
  const queue = queues.queue(name);
  const [counts, plain, urgent, workers] = await Promise.all([
    queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed'),
    queue.getJobs(['waiting'], 0, 0, true),
    queue.getJobs(['prioritized'], 0, 0, true),
    queue.getWorkersCount(),
  ]);
  const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts;
  const since = [...plain, ...urgent].map((job) => job.timestamp);
  return {
    queue: name,
    waiting: waiting + prioritized,
    active,
    delayed,
    failed,
    oldest_waiting_at: since.length > 0 ? new Date(Math.min(...since)) : null,
    workers,
  };
}
