import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { scopeOf } from '../db/record-key.ts';
import { defineJob, idPart, type JobDefinition } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { followUp } from './follow-up.ts';
import { APPLY_ATTEMPTS, APPLY_QUEUE, upsertRecord } from './upsert-record.ts';

const payload = z.object({
  source: z.string(),
  account: z.string(),
  entity: z.string(),
  runId: z.uuid(),
  page: z.string(),
});
export type UpsertPage = z.infer<typeof payload>;

export const upsertPage: JobDefinition<UpsertPage> = defineJob({
  name: 'upsert-page',
  description: 'Applies the records of one page of a large run.',
  queue: () => APPLY_QUEUE,
  payload,
  keepDone: false,
  options: ({ runId, page }) => ({ jobId: `upsert.${runId}.${idPart(page)}`, attempts: APPLY_ATTEMPTS }),
  async handle({ source, account, entity: name, runId, page }, context) {
    const entity = entityOf(context.sources, source, name);
    const keys = (await pendingOfPage(context.db, runId, page)).map((record) => record.externalId);
    const result = await context.applyMany(source, name, scopeOf(entity, account), keys);
    await followUp(context, source, result);
    return `${result.outcomes.size} of ${keys.length} applied`;
  },
  /** One by one: what fails then fails alone. */
  async giveUp({ source, account, entity, runId, page }, _error, context) {
    const records = await pendingOfPage(context.db, runId, page);
    await context.enqueue(
      upsertRecord,
      records.map((record) => ({ source, account, entity, ...record })),
    );
  },
});

async function pendingOfPage(db: Db, runId: string, page: string): Promise<{ externalId: string; version: number }[]> {
  const { rows } = await sql<{ externalId: string; version: number }>`
    select external_id as "externalId", version from source_records
    where run_id = ${runId}::uuid and page = ${page} and state = 'pending'`.execute(db);
  return rows;
}
