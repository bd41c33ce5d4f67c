import type { JobContext } from './define-job.ts';
import { fetchQueues } from './fetch-queue.ts';
import { NOTIFY_QUEUE } from './notify-queue.ts';
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
export function queueNames({ settings, sources }: Pick<JobContext, 'settings' | 'sources'>): string[] {
  const names = [SYNC_QUEUE, APPLY_QUEUE, ...fetchQueues(settings, sources).map((queue) => queue.name)];
  return settings.notify ? [...names, NOTIFY_QUEUE] : names;
}

export function readQueueDepths(context: Pick<JobContext, 'queues' | 'settings' | 'sources'>): Promise<QueueDepth[]> {
  return Promise.all(queueNames(context).map((name) => readDepth(context.queues, name)));
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
