import type { Job } from 'bullmq';
import { fetchQueueName } from '../../../jobs/fetch-queue.ts';
import { SYNC_QUEUE } from '../../../jobs/plan-sync.ts';
import { APPLY_QUEUE } from '../../../jobs/upsert-record.ts';
import type { FireWorld } from './fire-world.ts';

const SECOND = 1000;
/** A delayed job whose time has long come. */
const OVERDUE_MS = 30 * SECOND;
const MOST = 500;

/** Names of the queues that the world's settings use. */
export function queuesOf({ vendors }: Pick<FireWorld, 'vendors'>): string[] {
  const accounts = new Set(vendors.targets.map((target) => target.split(' ').slice(0, 2).join(' ')));
  const fetching = [...accounts].flatMap((account) => {
    const [source = '', name = ''] = account.split(' ');
    const classes = source === 'rentprog' ? ['read', 'search'] : ['read'];
    return classes.map((rateClass) => fetchQueueName(source, name, rateClass));
  });
  return [SYNC_QUEUE, APPLY_QUEUE, ...fetching];
}

/** Jobs that were there at `since` and still are, other than the schedules' next ones. */
export async function unfinishedJobs(world: FireWorld, since: Date): Promise<string> {
  const stuck: string[] = [];
  for (const name of queuesOf(world)) {
    const queue = world.queues.queue(name);
    const atWork: (Job | undefined)[] = await queue.getJobs(['active', 'waiting', 'prioritized'], 0, MOST, true);
    const later: (Job | undefined)[] = await queue.getJobs(['delayed'], 0, MOST, true);
    const old = atWork.filter((job) => job !== undefined && job.timestamp <= since.getTime());
    const overdue = later.filter((job) => job !== undefined && job.timestamp + job.delay < Date.now() - OVERDUE_MS);
    stuck.push(...[...old, ...overdue].map((job) => `${name} ${job?.name} ${job?.id}`));
  }
  return stuck.slice(0, 20).join('; ');
}
