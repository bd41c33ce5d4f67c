import { closeRunJob } from '../jobs/close-run.ts';
import { fetchPage } from '../jobs/fetch-page.ts';
import { fetchQueueName, paceMs } from '../jobs/fetch-queue.ts';
import { fetchRecord } from '../jobs/fetch-record.ts';
import { planSync, SYNC_QUEUE } from '../jobs/plan-sync.ts';
import { sweep } from '../jobs/sweep.ts';
import { upsertPage } from '../jobs/upsert-page.ts';
import { APPLY_QUEUE, upsertRecord } from '../jobs/upsert-record.ts';
import type { Settings } from '../settings/settings.ts';

export interface KnownQueue {
  name: string;
  /** What its jobs do. */
  description: string;
}

/** Every queue that the settings make, in the order of the line. */
export function queuesOf(settings: Settings): KnownQueue[] {
  return [
    { name: SYNC_QUEUE, description: describe([planSync, closeRunJob, sweep]) },
    ...settings.sources.flatMap((source) =>
      source.accounts.flatMap((account) =>
        Object.entries(source.limits).map(([rateClass, limit]) => ({
          name: fetchQueueName(source.name, account.name, rateClass),
          description: `${describe([fetchPage, fetchRecord])} One request per ${paceMs(limit)} ms.`,
        })),
      ),
    ),
    { name: APPLY_QUEUE, description: describe([upsertRecord, upsertPage]) },
  ];
}

function describe(jobs: { name: string; description: string }[]): string {
  return jobs.map((job) => `${job.name}: ${job.description}`).join(' ');
}
