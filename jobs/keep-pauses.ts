import { readPauses } from '../db/pauses.ts';
import type { JobContext } from './define-job.ts';
import { type FetchQueue, fetchQueues } from './fetch-queue.ts';

export interface PauseChange {
  queue: string;
  change: 'paused' | 'resumed';
}

const MOST_PASSES = 3;

/**
 * Makes the fetch queues stand still or go as PostgreSQL says: what an operator has paused stays so when the queue has lost it.
 * A queue that waits after a 429 is not paused, and is left alone. Says what it changed.
 */
export async function keepPauses(
  context: Pick<JobContext, 'db' | 'queues' | 'settings' | 'sources'>,
  only?: { source: string; account: string },
): Promise<PauseChange[]> {
  const queues = fetchQueues(context.settings, context.sources).filter(
    ({ source, account }) => !only || (only.source === source && only.account === account),
  );
  const changes: PauseChange[] = [];
  // Again after a change: meanwhile an operator may have decided otherwise.
  for (let pass = 1; pass <= MOST_PASSES; pass += 1) {
    const changed = await passOver(context, queues);
    if (changed.length === 0) break;
    changes.push(...changed);
  }
  return changes;
}

async function passOver(
  { db, queues }: Pick<JobContext, 'db' | 'queues'>,
  fetching: readonly FetchQueue[],
): Promise<PauseChange[]> {
  const stand = await Promise.all(fetching.map(({ name }) => queues.queue(name).isPaused()));
  const pauses = await readPauses(db);
  const changes: PauseChange[] = [];
  for (const [i, { name, source, account }] of fetching.entries()) {
    const wanted = pauses.some(
      (pause) => pause.source === source && pause.account === account && pause.entity === null,
    );
    if (wanted === stand[i]) continue;
    if (wanted) await queues.queue(name).pause();
    else await queues.queue(name).resume();
    changes.push({ queue: name, change: wanted ? 'paused' : 'resumed' });
  }
  return changes;
}
