import { alertRed } from '../jobs/alert-red.ts';
import { carryOutbox } from '../jobs/carry-outbox.ts';
import { closeRunJob } from '../jobs/close-run.ts';
import type { JobContext } from '../jobs/define-job.ts';
import { fetchPage } from '../jobs/fetch-page.ts';
import { fetchQueues } from '../jobs/fetch-queue.ts';
import { fetchRecord } from '../jobs/fetch-record.ts';
import { forgetOld } from '../jobs/forget-old.ts';
import { NOTIFY_QUEUE } from '../jobs/notify-queue.ts';
import { planSync, SYNC_QUEUE } from '../jobs/plan-sync.ts';
import { sendDigest } from '../jobs/send-digest.ts';
import { sendNotice } from '../jobs/send-notice.ts';
import { sweep } from '../jobs/sweep.ts';
import { APPLY_QUEUE, upsertRecord } from '../jobs/upsert-record.ts';

export interface KnownQueue {
  name: string;
  /** What its jobs do. */
  description: string;
}

/** Every queue that the settings make, in the order of the line. */
export function queuesOf({ settings, sources }: Pick<JobContext, 'settings' | 'sources'>): KnownQueue[] {
  return [
    {
      name: SYNC_QUEUE,
      description: describe([
        planSync,
        closeRunJob,
        carryOutbox,
        sweep,
        forgetOld,
        ...(settings.notify ? [alertRed, sendDigest] : []),
      ]),
    },
    ...fetchQueues(settings, sources).map(({ name, paceMs }) => ({
      name,
      description: `${describe([fetchPage, fetchRecord])}${paceMs > 0 ? ` One request per ${paceMs} ms.` : ''}`,
    })),
    { name: APPLY_QUEUE, description: describe([upsertRecord]) },
    ...(settings.notify ? [{ name: NOTIFY_QUEUE, description: describe([sendNotice]) }] : []),
  ];
}

function describe(jobs: { name: string; description: string }[]): string {
  return jobs.map((job) => `${job.name}: ${job.description}`).join(' ');
}
