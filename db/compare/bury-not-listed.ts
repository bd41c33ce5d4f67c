import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import { buryRecords } from '../deletes/bury-records.ts';
import { endWithRuns, type RunState } from '../runs/ledger.ts';
import { transaction } from '../transaction.ts';
import { type Comparison, notListed } from './read-findings.ts';

const MOST_AT_ONCE = 1000;

/** Tombstones for rows that the vendor does not list, where it cannot be asked for one record: there is nothing to verify with. */
export async function buryNotListed(
  db: Db,
  comparison: Comparison,
  run: Comparison['runs'][number],
  scope: string,
): Promise<{ deleted: number; runs: RunState[] }> {
  const { source, entity, table } = comparison;
  const result = { deleted: 0, runs: [] as RunState[] };
  for (;;) {
    const ids = await notListed(db, comparison, run);
    const buried = await transaction(db, async (trx) => {
      const { rows } = await sql<{ external_id: string; asked: Date }>`
        select n.external_id, (select started_at from sync_log where id = ${run.runId}::uuid) as asked
        from (${ids}) as n limit ${MOST_AT_ONCE}`.execute(trx);
      if (!rows[0]) return undefined;
      const externalIds = rows.map((row) => row.external_id);
      const burial = { source, scope, entity, table, externalIds, asked: rows[0].asked };
      const { deleted, changes } = await buryRecords(trx, burial);
      return { deleted, runs: await endWithRuns(trx, changes) };
    });
    // What has landed since then stays, so there may be some left.
    if (!buried || buried.deleted === 0) return result;
    result.deleted += buried.deleted;
    result.runs.push(...buried.runs);
  }
}
