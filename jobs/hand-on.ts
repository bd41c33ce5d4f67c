import type { LandedRecord } from '../db/landing/land-records.ts';
import type { JobContext } from './define-job.ts';
import { upsertRecord } from './upsert-record.ts';

/** What has just landed goes on to apply, a job a record, and is kept at hand for it. */
export async function handOn(
  context: JobContext,
  { source, account }: { source: string; account: string },
  landed: readonly (LandedRecord & { entity: string })[],
): Promise<void> {
  context.keepLanded(landed);
  await context.enqueue(
    upsertRecord,
    landed.map(({ entity, externalId, version }) => ({ source, account, entity, externalId, version })),
  );
}
