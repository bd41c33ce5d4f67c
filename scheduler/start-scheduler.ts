import { setTimeout as sleep } from 'node:timers/promises';
import type { JobContext } from '../jobs/define-job.ts';
import { keepPauses } from '../jobs/keep-pauses.ts';
import { SYNC_QUEUE } from '../jobs/plan-sync.ts';
import { applySchedules } from './apply-schedules.ts';
import { schedulersOf } from './schedules.ts';
import type { SetRight } from './too-far-ahead.ts';

const SECOND = 1000;
/** A queue that was emptied gets its schedulers and pauses back within this time. */
const AGAIN_MS = 30 * SECOND;
const AFTER_ERROR_MS = 5 * SECOND;
/** A pass whose queue does not answer is left behind; what it still does is what the next process would do. */
const STOP_WAIT_MS = 5 * SECOND;

export interface Scheduler {
  /** Waits for the pass in progress. The schedulers stay: the queue fires them whether this process runs or not. */
  stop(): Promise<void>;
}

/** Keeps the queue's schedulers equal to the settings, and its pauses to the database. Several processes may do so at once. */
export async function startScheduler(
  { db, queues, settings, sources, log }: Pick<JobContext, 'db' | 'queues' | 'settings' | 'sources' | 'log'>,
  againMs: number = AGAIN_MS,
): Promise<Scheduler> {
  const wanted = schedulersOf(settings, sources);
  const setRight: SetRight = new Map();
  const stopping = new AbortController();

  /** Milliseconds to the next one. */
  async function pass(): Promise<number> {
    try {
      // First, so that nothing fires into a queue that should stand still.
      const pauses = await keepPauses({ db, queues, settings, sources });
      for (const { queue, change } of pauses) log.info({ queue }, `queue ${change}`);
      const changes = await applySchedules(queues.queue(SYNC_QUEUE), wanted, setRight);
      for (const { id, change } of changes) log.info({ scheduler: id }, `schedule ${change}`);
      return againMs;
    } catch (error) {
      if (!stopping.signal.aborted) log.warn({ err: error }, 'schedules and pauses could not be set; trying again');
      return Math.min(AFTER_ERROR_MS, againMs);
    }
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) await pause(await pass(), stopping.signal);
  }

  const looping = loop();
  return {
    async stop() {
      stopping.abort();
      const done = new AbortController();
      await Promise.race([looping, pause(STOP_WAIT_MS, done.signal)]);
      done.abort();
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
