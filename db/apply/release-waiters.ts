import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import { lookedAfter } from '../looked-after.ts';
import { type RecordKey, WHOLE_SOURCE, waitName } from '../record-key.ts';
import { endWithRuns, tally } from '../runs/ledger.ts';
import { repeatable } from '../transaction.ts';

/**
 * Puts every record that waited for one of these parents back into the line, also those already stored without it. A
 * transaction of its own, after the parents' commit: the two never hold each other's locks. The sweep repeats what a crash
 * in between loses.
 */
export async function releaseWaiters(
  db: Db,
  { source, scope, entity }: Omit<RecordKey, 'externalId'>,
  parentIds: readonly string[],
): Promise<{ key: RecordKey; account: string; version: number }[]> {
  if (parentIds.length === 0) return [];
  const names = parentIds.map((externalId) => waitName({ entity, externalId }));
  return repeatable(db, async (trx) => {
    const { rows } = await sql<{
      scope: string;
      entity: string;
      external_id: string;
      account: string;
      version: number;
      state: string;
      run_id: string | null;
    }>`
      with waiting as (
        select source, scope, entity, external_id, state, run_id from source_records
        -- By the index on waits_for alone: the planner would add all records of the source from the primary key.
        where waits_for && ${names}::text[] and waits_for is not null and source || '' = ${source}
          and (${scope} = ${WHOLE_SOURCE} or account = ${scope}) and state in ('parked', 'applied')
        order by entity, scope, external_id for update
      )
      update source_records s set state = 'pending', version = s.version + 1, waits_for = null,
        run_id = case when w.state = 'parked' then s.run_id end, due_at = ${lookedAfter}
      from waiting w
      where (s.source, s.scope, s.entity, s.external_id) = (w.source, w.scope, w.entity, w.external_id)
      returning s.scope, s.entity, s.external_id, s.account, s.version, w.state, w.run_id
    `.execute(trx);
    const ledger = tally();
    for (const row of rows) if (row.state === 'parked') ledger.add(row.run_id, { parked: -1, pending: 1 });
    await endWithRuns(trx, ledger.changes);
    return rows.map((row) => ({
      key: { source, scope: row.scope, entity: row.entity, externalId: row.external_id },
      account: row.account,
      version: row.version,
    }));
  });
}
