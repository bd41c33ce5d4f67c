import { sql } from 'kysely';
import { isFoundById } from '../found-by-id.ts';
import { addToRuns } from '../runs/ledger.ts';
import { addRecordPages } from '../runs/record-pages.ts';
import type { Trx } from '../transaction.ts';
import { countLiveRows, type DeleteBrake, exceeds, holdDeletes } from './brake.ts';
import { buryRecords, withRun } from './bury-records.ts';

/** What a full listing's end means for records that it has not got. */
export interface AbsencePolicy {
  table: string;
  scope: string;
  brake: DeleteBrake;
  /** The source can be asked for one record: what is absent is read again before it is believed. */
  verifiable: boolean;
}

export interface FullRun {
  id: string;
  source: string;
  account: string;
  entity: string;
  confirm_deletes: boolean;
}

const SAMPLE = 10;
const MOST_AT_ONCE = 1000;

/**
 * Known records that a complete full listing has not got. Answers with those that are pages of the run now, to be read one
 * by one. Without a way to read one they get their tombstones here. More than the brake lets pass are left as they are.
 */
export async function lookForAbsent(trx: Trx, run: FullRun, policy: AbsencePolicy): Promise<{ records: string[] }> {
  const target = { source: run.source, account: run.account, entity: run.entity, table: policy.table };
  const { rows } = await sql<{ candidates: number; surprising: number; sample: string[] | null; started_at: Date }>`
    with absent as materialized (${absentRecords(run, policy)})
    select count(*)::int as candidates, count(*) filter (where not expected)::int as surprising,
      (array_agg(external_id order by expected))[1:${SAMPLE}] as sample,
      (select started_at from sync_log where id = ${run.id}::uuid) as started_at from absent`.execute(trx);
  const { candidates, surprising, sample, started_at: startedAt } = rows[0]!;
  await sql`update sync_log set absent = ${candidates} where id = ${run.id}::uuid`.execute(trx);
  if (candidates === 0) return { records: [] };

  const live = run.confirm_deletes ? 0 : await countLiveRows(trx, target);
  // Those that the list never had are read as well, and are no sign that the list has lost something.
  if (!run.confirm_deletes && exceeds(policy.brake, surprising, live)) {
    await holdDeletes(trx, target, {
      runId: run.id,
      deletes: surprising,
      live,
      brake: policy.brake,
      sample: sample ?? [],
    });
    return { records: [] };
  }
  if (policy.verifiable) {
    const records = await addRecordPages(trx, run.id, sql`select external_id from (${absentRecords(run, policy)}) a`);
    await addToRuns(trx, new Map([[run.id, { pages_open: records.length }]]));
    return { records };
  }
  const absent = await sql<{ external_id: string }>`${absentRecords(run, policy)} order by 1`.execute(trx);
  for (let start = 0; start < absent.rows.length; start += MOST_AT_ONCE) {
    const externalIds = absent.rows.slice(start, start + MOST_AT_ONCE).map((row) => row.external_id);
    const { scope } = policy;
    const { deleted, changes } = await buryRecords(trx, { ...target, scope, externalIds, asked: startedAt });
    await addToRuns(trx, withRun(changes, run.id, { deleted }));
  }
  return { records: [] };
}

/** What has landed since the run began is newer than its pages. */
function absentRecords({ id, source, account, entity }: FullRun, { scope }: AbsencePolicy) {
  return sql`select s.external_id, ${isFoundById} as expected from source_records s
    where s.source = ${source} and s.entity = ${entity} and s.scope = ${scope} and s.account = ${account}
      and s.state in ('applied', 'parked', 'quarantined') and s.deleted_at is null
      and s.fetched_at < (select started_at from sync_log where id = ${id}::uuid)
      and not exists (select 1 from (
        select distinct unnest(p.ids) as id from sync_pages p
        where p.kind = 'list' and p.run_id = ${id}::uuid
      ) listed where listed.id = s.external_id)`;
}
