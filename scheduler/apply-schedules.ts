import { isDeepStrictEqual } from 'node:util';
import type { JobSchedulerJson } from 'bullmq';
import type { Queues } from '../jobs/queues.ts';
import { ID_PREFIX, type WantedScheduler } from './schedules.ts';
import { isTooFarAhead, type SetRight } from './too-far-ahead.ts';

type Queue = ReturnType<Queues['queue']>;

export interface ScheduleChange {
  id: string;
  change: 'added' | 'changed' | 'repaired' | 'removed';
}

/**
 * Makes the queue's schedulers equal to those wanted and says what it changed. What is right already is not touched, so a
 * restart or a second process neither fires nor resets anything. Every scheduler is tried; throws when some could not be set.
 */
export async function applySchedules(
  queue: Queue,
  wanted: readonly WantedScheduler[],
  /** Of the passes before, when there were any. */
  setRight: SetRight = new Map(),
): Promise<ScheduleChange[]> {
  const present = new Map((await queue.getJobSchedulers()).map((scheduler) => [scheduler.key, scheduler]));
  const changes: ScheduleChange[] = [];
  const errors: unknown[] = [];
  const attempt = async (id: string, work: () => Promise<ScheduleChange['change'] | undefined>) => {
    try {
      const change = await work();
      if (change) changes.push({ id, change });
    } catch (error) {
      errors.push(new Error(`The scheduler ${id} could not be set.`, { cause: error }));
    }
  };

  for (const scheduler of wanted) await attempt(scheduler.id, () => applyOne(queue, scheduler, present, setRight));
  const ids = new Set(wanted.map((scheduler) => scheduler.id));
  for (const id of present.keys()) {
    if (!id.startsWith(ID_PREFIX) || ids.has(id)) continue;
    await attempt(id, async () => ((await queue.removeJobScheduler(id)) ? 'removed' : undefined));
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} of the schedulers could not be set.`);
  return changes;
}

async function applyOne(
  queue: Queue,
  wanted: WantedScheduler,
  present: ReadonlyMap<string, JobSchedulerJson>,
  setRight: SetRight,
): Promise<ScheduleChange['change'] | undefined> {
  const { id, repeat, template } = wanted;
  const found = present.get(id);
  const upsert = () => queue.upsertJobScheduler(id, repeat, template);
  if (!found) {
    await upsert();
    return 'added';
  }
  if (!sameTiming(found, repeat)) {
    // Upserting over another interval would keep that one's offset: after a pause the next run could be a day away.
    await queue.removeJobScheduler(id);
    await upsert();
    return 'changed';
  }
  if (found.name !== template.name || !isDeepStrictEqual(plain(found.template), plain(template))) {
    await upsert();
    return 'changed';
  }
  if (isTooFarAhead(wanted, found.next, setRight)) {
    await queue.removeJobScheduler(id);
    await upsert();
    return 'repaired';
  }
  if (await isStuck(queue, found)) {
    await upsert();
    return 'repaired';
  }
  return undefined;
}

function sameTiming(found: JobSchedulerJson, repeat: WantedScheduler['repeat']): boolean {
  if ('every' in repeat) return found.every === repeat.every && found.pattern === undefined;
  return found.pattern === repeat.pattern && found.tz === repeat.tz && found.every === undefined;
}

function plain(template: { data?: unknown; opts?: unknown } | undefined): unknown {
  return JSON.parse(JSON.stringify({ data: template?.data ?? {}, opts: template?.opts ?? {} }));
}

/** BullMQ keeps the next run as a job; when that one is taken away (an emptied queue), the scheduler never fires again. */
async function isStuck(queue: Queue, { key, next }: JobSchedulerJson): Promise<boolean> {
  if (await isComing(queue, key, next)) return false;
  // It may have run between the two questions: then there is a later one.
  const now = await queue.getJobScheduler(key);
  return now !== undefined && now.next === next;
}

async function isComing(queue: Queue, id: string, next: number | undefined): Promise<boolean> {
  const state = await queue.getJobState(`repeat:${id}:${next}`);
  return state !== 'unknown' && state !== 'completed' && state !== 'failed';
}
