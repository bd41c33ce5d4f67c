import { type Deletion, deleteRecord } from '../db/delete/delete-record.ts';
import type { TypedRecord } from '../db/delete/find-typed.ts';
import type { JobContext } from './define-job.ts';
import { entityOf } from './entity-of.ts';
import { followUp } from './follow-up.ts';
import { APPLY_QUEUE, type UpsertRecord, upsertRecord } from './upsert-record.ts';

export interface DeletedRecord {
  record: TypedRecord;
  deletion: Deletion;
}

/** Deletes records one after the other, each for itself: one that is refused takes no other along. */
export async function deleteRecords(
  context: JobContext,
  { source, entity: name, keepOut, actor }: { source: string; entity: string; keepOut: boolean; actor: string },
  records: readonly TypedRecord[],
): Promise<DeletedRecord[]> {
  const entity = entityOf(context.sources, source, name);
  const entities = context.sources.get(source)?.entities ?? [];
  const done: DeletedRecord[] = [];
  for (const record of records) {
    const { scope, external_id: externalId, account } = record;
    const key = { source, scope, entity: name, externalId };
    const deletion = await deleteRecord(context.db, key, { entities, table: entity.table, account, keepOut, actor });
    done.push({ record, deletion });
    if (!deletion.deleted) continue;
    await forgetJobs(context, { source, account, entity: name, externalId }, deletion.version);
    // A run may have waited for nothing but this record.
    await followUp(context, source, { runs: deletion.runs });
  }
  return done;
}

/** Finished jobs that are kept for older versions than these are gone soon. */
const MOST_VERSIONS = 100;

/**
 * When the record comes back its versions begin at 1 again, and the queue takes no job by an id that it still keeps as
 * finished. What is not forgotten here the sweep would find, some seconds later.
 */
async function forgetJobs(
  { queues }: JobContext,
  record: Omit<UpsertRecord, 'version'>,
  newest: number,
): Promise<void> {
  const versions = Array.from({ length: Math.min(newest, MOST_VERSIONS) }, (_, i) => i + 1);
  const ids = versions.map((version) => upsertRecord.options?.({ ...record, version }).jobId ?? '');
  await Promise.all(ids.map((id) => queues.queue(APPLY_QUEUE).remove(id)));
}
