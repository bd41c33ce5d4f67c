import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connection.ts';
import { endWithRuns } from '../runs/ledger.ts';
import { recordPage } from '../runs/record-pages.ts';
import { transaction } from '../transaction.ts';

const needsRepair = (runId: string) => sql`run_id = ${runId}::uuid and verdict in ('missing', 'different')`;

/** Records whose landed payload is the vendor's: applied again they are right, without a request. In the order of ids. */
export async function readLanded(db: Db, runId: string, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ external_id: string }>`
    select distinct external_id collate "C" as external_id from compare_seen
    where ${needsRepair(runId)} and landed and external_id collate "C" > ${after} order by 1 limit ${limit}`.execute(
    db,
  );
  return rows.map((row) => row.external_id);
}

export async function countUnlanded(db: Db, runId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct external_id)::int as n from compare_seen where ${needsRepair(runId)} and not landed`.execute(
    db,
  );
  return rows[0]!.n;
}

/** Ids of the records of a comparison that have to be read again at the source. */
export function unlanded(runId: string): RawBuilder<unknown> {
  return sql`select distinct external_id from compare_seen where ${needsRepair(runId)} and not landed`;
}

/**
 * Opens a run that reads records again by their ids, however many: a page each, as re-queued ones. Their ids stay in the
 * database. Undefined when there are none.
 */
export async function openReadAgain(
  db: Db,
  { source, account, entity }: { source: string; account: string; entity: string },
  ids: RawBuilder<unknown>,
  { confirmDeletes = false }: { confirmDeletes?: boolean } = {},
): Promise<{ runId: string; count: number } | undefined> {
  return transaction(db, async (trx) => {
    const { rows } = await sql<{ id: string }>`
      insert into sync_log (source, account, entity, mode, trigger, confirm_deletes)
      values (${source}, ${account}, ${entity}, 'incremental', 'requeue', ${confirmDeletes}) returning id`.execute(trx);
    const runId = rows[0]!.id;
    const { numAffectedRows } = await sql`
      insert into sync_pages (run_id, page, kind)
      select ${runId}::uuid, ${recordPage('')} || i.external_id, 'record' from (${ids}) as i on conflict do nothing`.execute(
      trx,
    );
    const count = Number(numAffectedRows ?? 0);
    if (count > 0) await endWithRuns(trx, new Map([[runId, { pages_open: count }]]));
    else await sql`delete from sync_log where id = ${runId}::uuid`.execute(trx);
    return count > 0 ? { runId, count } : undefined;
  });
}

/** The pages of such a run that are still to be fetched, by name. */
export async function readPagesToFetch(db: Db, runId: string, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ page: string }>`
    select page from sync_pages where run_id = ${runId}::uuid and state = 'queued' and page collate "C" > ${after}
    order by page collate "C" limit ${limit}`.execute(db);
  return rows.map((row) => row.page);
}

/** Ends runs that nobody wants any more; jobs that are still in the queue then do nothing. */
export async function cancelRuns(db: Db, runIds: readonly string[], reason: string): Promise<void> {
  await transaction(db, async (trx) => {
    await sql`update sync_pages set state = 'failed', error = ${reason}
      where run_id = any(${runIds}::uuid[]) and state = 'queued'`.execute(trx);
    await sql`update sync_log set status = 'failed', error = ${reason}, finished_at = clock_timestamp(), pages_open = 0
      where id = any(${runIds}::uuid[]) and status = 'running'`.execute(trx);
  });
}
