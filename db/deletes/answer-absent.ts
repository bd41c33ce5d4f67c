import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import { endWithRuns, type RunState } from '../runs/ledger.ts';
import { finishPage } from '../runs/pages.ts';
import { type Trx, transaction } from '../transaction.ts';
import { countLiveRows, type DeleteBrake, type DeleteTarget, exceeds, holdDeletes } from './brake.ts';
import { buryRecords, withRun } from './bury-records.ts';

export interface AbsentRecord {
  scope: string;
  externalId: string;
  runId: string;
  /** Of the record's page. */
  token: string;
  attempt: number;
  asked: Date;
  requests: number;
}

/**
 * The source has not got a record that a run has read by its id: it gets a tombstone, unless the run has deleted as much as
 * the brake lets pass. Undefined when the page has been answered already.
 */
export async function answerAbsent(
  db: Db,
  target: DeleteTarget,
  brake: DeleteBrake,
  { scope, externalId, runId, token, attempt, asked, requests }: AbsentRecord,
): Promise<{ deleted: number; held: boolean; runs: RunState[] } | undefined> {
  return transaction(db, async (trx) => {
    // The deletes of a run wait for each other, so that none of them counts past the brake.
    await sql`select pg_advisory_xact_lock(hashtextextended(${runId}, 0))`.execute(trx);
    const page = await finishPage(trx, runId, { token, attempt, rows: 0, ids: [], idsHash: null, next: [] });
    if (!page) return undefined;
    const held = await reachesBrake(trx, { ...target, scope, externalId }, brake, runId);
    if (held) {
      // Not answered in the end: the next run has to ask for it again.
      await sql`update sync_pages set state = 'failed', error = 'held by the delete brake'
        where run_id = ${runId}::uuid and page = ${token}`.execute(trx);
      const failed = { requests, pages_failed: 1, pages_open: -1 };
      return { deleted: 0, held, runs: await endWithRuns(trx, new Map([[runId, failed]])) };
    }
    const done = { requests, pages_done: 1, pages_open: -1 };
    const { deleted, changes } = await buryRecords(trx, { ...target, scope, externalIds: [externalId], asked });
    return { deleted, held, runs: await endWithRuns(trx, withRun(changes, runId, { ...done, deleted })) };
  });
}

async function reachesBrake(
  trx: Trx,
  record: DeleteTarget & { scope: string; externalId: string },
  brake: DeleteBrake,
  runId: string,
): Promise<boolean> {
  const { source, scope, entity, externalId } = record;
  const { rows } = await sql<{ deleted: number; confirmed: boolean; live: boolean }>`
    select r.deleted, r.confirm_deletes as confirmed, exists (select 1 from source_records s
      where s.source = ${source} and s.scope = ${scope} and s.entity = ${entity} and s.external_id = ${externalId}
        and s.payload is not null and s.deleted_at is null) as live
    from sync_log r where r.id = ${runId}::uuid`.execute(trx);
  const { deleted, confirmed, live } = rows[0]!;
  // What was only ever known by its id is no row of ours, so nothing is lost with it.
  if (confirmed || !live || deleted < brake.rows) return false;
  const before = deleted + (await countLiveRows(trx, record));
  if (!exceeds(brake, deleted + 1, before)) return false;
  await holdDeletes(trx, record, { runId, deletes: deleted + 1, live: before, brake, sample: [externalId] });
  return true;
}
