import type { Job } from 'bullmq';
import type { JobDefinition } from './define-job.ts';
import type { Queues } from './queues.ts';

const MINUTE = 60_000;
/** Longer than any retry of ours waits, and than clocks of machines that are looked after differ. */
const SLACK_MS = MINUTE;

/**
 * Whether the queue still means to run the job; `finished` while it keeps the finished one, whose id then cannot be used again.
 * A job that waits for a time which a wrong clock has set is woken.
 */
export async function lifeOf<P>(
  queues: Queues,
  job: JobDefinition<P>,
  payload: P,
): Promise<'alive' | 'finished' | 'unknown'> {
  const queue = queues.queue(job.queue(payload));
  const id = job.options?.(payload).jobId ?? '';
  const state = await queue.getJobState(id);
  if (state === 'unknown') return 'unknown';
  if (state === 'delayed') await wakeMisdated(await queue.getJob(id));
  return state === 'completed' || state === 'failed' ? 'finished' : 'alive';
}

/** A retry is due so long after the attempt before it; one that was made in the future is due there, too. */
async function wakeMisdated(job: Job | undefined): Promise<void> {
  if (!job || Math.max(job.timestamp, job.processedOn ?? 0) <= Date.now() + SLACK_MS) return;
  // Throws when its time has come meanwhile.
  await job.promote().catch(() => {});
}
