import { z } from 'zod';
import { releaseWaiters } from '../db/apply/release-waiters.ts';
import { forgetOldAnswers } from '../db/in-house/forget-answers.ts';
import { sumUpRowChanges } from '../db/overview/row-counts.ts';
import { forgetOldRequests } from '../db/overview/vendor-requests.ts';
import { forgetOldReceipts } from '../db/requeue-receipts.ts';
import {
  dueLookups,
  forgetOldPages,
  forgottenParents,
  postponeDueRecords,
  renumber,
  settledRuns,
  type UnfinishedRecord,
  unfinishedPages,
  unfinishedRecords,
} from '../db/runs/lost-work.ts';
import { requeuePage } from '../db/runs/pages.ts';
import { sweepOutboxes } from './carry-outbox.ts';
import { closeRunJob } from './close-run.ts';
import { defineJob, type JobContext, type JobDefinition } from './define-job.ts';
import { fetchPage } from './fetch-page.ts';
import { fetchRecord } from './fetch-record.ts';
import { followUp, lookUp } from './follow-up.ts';
import { forgetOld, thisHour } from './forget-old.ts';
import { inGroups } from './in-groups.ts';
import { lifeOf } from './life-of.ts';
import { SYNC_QUEUE } from './plan-sync.ts';
import { refreshOfPage } from './refresh-record.ts';
import { upsertRecord } from './upsert-record.ts';

const SECOND = 1000;
/** How often a process asks for a sweep; the interval's number is in the job id, so that all processes together get one. */
export const SWEEP_EVERY_MS = 5 * SECOND;
/** Work that has not moved for this long is looked after. */
const QUIET_MS = 5 * SECOND;
const MINUTE_TICKS = (60 * SECOND) / SWEEP_EVERY_MS;
const TIDY_EVERY_TICKS = 5 * MINUTE_TICKS;
const HOUR_TICKS = 60 * MINUTE_TICKS;

const payload = z.object({ tick: z.number().int() });
type Sweep = z.infer<typeof payload>;

export const sweep: JobDefinition<Sweep> = defineJob({
  name: 'sweep',
  description: 'Re-enqueues whatever the queue has lost. PostgreSQL is the truth, the queue is only the transport.',
  queue: () => SYNC_QUEUE,
  payload,
  options: ({ tick }) => ({ jobId: `sweep.${tick}`, attempts: 1 }),
  async handle({ tick }, context) {
    const pages = await sweepPages(context);
    const records = await sweepRecords(context);
    for (const { source, scope, entity, externalId } of await forgottenParents(context.db)) {
      await followUp(context, source, {
        upserts: await releaseWaiters(context.db, { source, scope, entity }, [externalId]),
      });
    }
    for (const { source, entity } of await dueLookups(context.db)) await lookUp(context, source, entity);
    await context.enqueue(
      closeRunJob,
      (await settledRuns(context.db, QUIET_MS)).map((runId) => ({ runId })),
    );
    await sweepOutboxes(context, tick);
    await sumUpRowChanges(context.db);
    if (tick % TIDY_EVERY_TICKS === 0) await tidyUp(context.db);
    if (tick % HOUR_TICKS === 0) await context.enqueue(forgetOld, [thisHour()]);
    await context.endIdleSessions();
    return pages + records > 0 ? `${pages} pages and ${records} records put back` : undefined;
  },
});

/** What is kept for minutes or days; nobody minds a few minutes more. */
async function tidyUp(db: JobContext['db']): Promise<void> {
  await forgetOldPages(db);
  await forgetOldRequests(db);
  await forgetOldReceipts(db);
  await forgetOldAnswers(db);
}

async function sweepPages(context: JobContext): Promise<number> {
  const { db, queues, enqueue } = context;
  const lost = await without(await unfinishedPages(db, QUIET_MS), (page) => {
    const refresh = refreshOfPage(context, page);
    return refresh ? isAlive(queues, fetchRecord, refresh) : isAlive(queues, fetchPage, page);
  });
  for (const page of lost) {
    const attempt = await requeuePage(db, page.runId, page.page);
    if (!attempt) continue;
    const refresh = refreshOfPage(context, { ...page, attempt });
    if (refresh) await enqueue(fetchRecord, [refresh]);
    else await enqueue(fetchPage, [{ ...page, attempt }]);
  }
  return lost.length;
}

async function sweepRecords({ db, queues, enqueue }: JobContext): Promise<number> {
  const unfinished = await unfinishedRecords(db, QUIET_MS);
  await postponeDueRecords(db);
  const lost = await without(unfinished, (record) => isAlive(queues, upsertRecord, record));
  const renewed: UnfinishedRecord[] = await renumber(db, lost);
  await enqueue(upsertRecord, renewed);
  return renewed.length;
}

async function without<T>(items: readonly T[], has: (item: T) => Promise<boolean>): Promise<T[]> {
  const answers = await inGroups(items, has);
  return items.filter((_, i) => !answers[i]);
}

async function isAlive<P>(queues: JobContext['queues'], job: JobDefinition<P>, payload: P): Promise<boolean> {
  return (await lifeOf(queues, job, payload)) === 'alive';
}
