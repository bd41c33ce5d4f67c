import type { JobDefinition } from './define-job.ts';
import type { Queues } from './queues.ts';

/** Whether the queue still means to run the job; `finished` while it keeps the finished one, whose id then cannot be used again. */
export async function lifeOf<P>(
  queues: Queues,
  job: JobDefinition<P>,
  payload: P,
): Promise<'alive' | 'finished' | 'unknown'> {
  const state = await queues.queue(job.queue(payload)).getJobState(job.options?.(payload).jobId ?? '');
  if (state === 'unknown') return 'unknown';
  return state === 'completed' || state === 'failed' ? 'finished' : 'alive';
}
