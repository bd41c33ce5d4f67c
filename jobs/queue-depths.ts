import type { JobType } from 'bullmq';
import type { JobContext } from './define-job.ts';
import { fetchQueues } from './fetch-queue.ts';
import { NOTIFY_QUEUE } from './notify-queue.ts';
import { SYNC_QUEUE } from './plan-sync.ts';
import type { Queues } from './queues.ts';
import { APPLY_QUEUE } from './upsert-record.ts';

export interface QueueDepth {
  queue: string;
  /** Those of a queue that is paused too. */
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  /** Of the job at the front; jobs with a priority stand before it. */
  oldest_waiting_at: Date | null;
}

type Known = Pick<JobContext, 'settings' | 'sources'>;

/** Every queue that these settings use. */
export function queueNames({ settings, sources }: Known): string[] {
  const names = [SYNC_QUEUE, APPLY_QUEUE, ...fetchQueues(settings, sources).map((queue) => queue.name)];
  return settings.notify ? [...names, NOTIFY_QUEUE] : names;
}

export function readQueueDepths(context: Known & { queues: Queues }): Promise<QueueDepth[]> {
  return Promise.all(queueNames(context).map((name) => readDepth(context.queues, name)));
}

/** With how many workers listen to each queue: dear where queues are many. */
export async function readQueueWorkers(
  queues: Queues,
  depths: readonly QueueDepth[],
): Promise<(QueueDepth & { workers: number })[]> {
  return Promise.all(
    depths.map(async (depth) => ({ ...depth, workers: await queues.queue(depth.queue).getWorkersCount() })),
  );
}

/** What the PostgreSQL backend calls the waiting jobs of a queue that is paused; the types do not know it. */
const PAUSED = 'paused' as JobType;

async function readDepth(queues: Queues, name: string): Promise<QueueDepth> {
  const queue = queues.queue(name);
  const counts = await queue.getJobCounts('waiting', PAUSED, 'prioritized', 'active', 'delayed', 'failed');
  const { waiting = 0, paused = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts;
  const [plain = [], urgent = []] = await Promise.all([
    waiting + paused > 0 ? queue.getJobs([paused > 0 ? PAUSED : 'waiting'], 0, 0, true) : [],
    prioritized > 0 ? queue.getJobs(['prioritized'], 0, 0, true) : [],
  ]);
  const since = [...plain, ...urgent].map((job) => job.timestamp);
  return {
    queue: name,
    waiting: waiting + paused + prioritized,
    active,
    delayed,
    failed,
    oldest_waiting_at: since.length > 0 ? new Date(Math.min(...since)) : null,
  };
}
