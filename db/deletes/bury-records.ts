import { sql } from 'kysely';
import { resolveIssues } from '../issues.ts';
import type { RecordKey } from '../record-key.ts';
import { type RunDeltas, tally } from '../runs/ledger.ts';
import type { Trx } from '../transaction.ts';

export interface Burial extends Omit<RecordKey, 'externalId'> {
  table: string;
  externalIds: readonly string[];
  /** Database clock before the source was asked: what has landed since then is newer than its answer. */
  asked: Date;
}

/**
 * Gives records a tombstone: `gone` in the landing, `deleted_at` there and in the table, their issues resolved. One that was
 * only ever known by its id has no row. Answers with the number of rows that were deleted, and what the records' runs have
 * to count; the caller counts it.
 */
export async function buryRecords(
  trx: Trx,
  { source, scope, entity, table, externalIds, asked }: Burial,
): Promise<{ deleted: number; changes: Map<string, RunDeltas> }> {
  const { rows } = await sql<{ external_id: string; state: string; run_id: string | null; live: boolean }>`
    with known as (
      select external_id, state, run_id, payload is not null and deleted_at is null as live from source_records
      where source = ${source} and scope = ${scope} and entity = ${entity} and external_id = any(${externalIds}::text[])
        and state <> 'gone' and fetched_at <= ${asked}
      order by external_id for update
    ), buried as (
      update source_records s set state = 'gone', waits_for = null, due_at = null, last_error = null,
        deleted_at = case when k.live then clock_timestamp() else s.deleted_at end
      from known k where s.source = ${source} and s.scope = ${scope} and s.entity = ${entity} and s.external_id = k.external_id
    )
    select * from known`.execute(trx);
  const live = rows.filter((row) => row.live).map((row) => row.external_id);
  await sql`
    update ${sql.table(table)} t set deleted_at = clock_timestamp(), synced_at = clock_timestamp() from external_refs r
    where r.source = ${source} and r.scope = ${scope} and r.entity = ${entity} and r.external_id = any(${live}::text[])
      and t.id = r.entity_id and t.deleted_at is null`.execute(trx);
  await resolveIssues(trx, {
    source,
    scope,
    entity,
    externalIds: rows.map((row) => row.external_id),
    kinds: ['missing_parent', 'invalid_record', 'rejected', 'unavailable'],
    resolution: 'deleted at the source',
  });
  const ledger = tally();
  for (const { run_id: runId, state } of rows) {
    if (state === 'pending' || state === 'parked') ledger.add(runId, { [state]: -1, stale: 1 });
  }
  return { deleted: live.length, changes: ledger.changes };
}

/** The deltas of the run itself on top of those of the records' former runs. */
export function withRun(changes: Map<string, RunDeltas>, runId: string, deltas: RunDeltas): Map<string, RunDeltas> {
  const ledger = tally();
  ledger.addAll(changes);
  ledger.add(runId, deltas);
  return ledger.changes;
}
