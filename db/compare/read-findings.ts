import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connection.ts';
import { isFoundById } from '../found-by-id.ts';

/** What has been compared: the runs of one entity, one an account, and the days asked for. */
export interface Comparison {
  source: string;
  entity: string;
  table: string;
  runs: readonly {
    runId: string;
    account: string;
    timezone: string;
    /** Days in the account's zone, both included; null for everything. */
    period: { from: string; to: string } | null;
  }[];
  /** The column whose day a period asks for. */
  periodColumn: string | null;
}

export interface Counts {
  account: string;
  /** Distinct records on the vendor's pages. */
  listed: number;
  /** Live rows of the account (and the period). */
  here: number;
  missing: number;
  different: number;
  duplicates: number;
  kept_out: number;
  /** Live rows that stand on no page. */
  not_listed: number;
  /** Such rows that the source had all the same when it was asked by their ids. */
  only_by_id: number;
}

export interface Finding {
  account: string;
  external_id: string;
  /** Of a missing one: `unknown`, a state of the landing, `row` (deleted behind our back) or `deleted` (a tombstone). */
  reason?: string | null;
  waits_for?: string[] | null;
  error?: string | null;
  fields?: string[] | null;
  times?: number;
}

export const FINDING_KINDS = ['missing', 'different', 'not_listed', 'only_by_id', 'duplicates', 'kept_out'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

type Run = Comparison['runs'][number];

export async function countFindings(db: Db, comparison: Comparison, run: Run): Promise<Counts> {
  const { rows } = await sql<Counts>`
    with seen as (
      select external_id, sum(times) > 1 as twice, bool_or(verdict = 'missing') as missing,
        bool_or(verdict = 'different') as different, bool_or(verdict = 'kept_out') as kept_out
      from compare_seen where run_id = ${run.runId}::uuid group by external_id
    )
    select ${run.account} as account, count(*)::int as listed, count(*) filter (where missing)::int as missing,
      count(*) filter (where different)::int as different, count(*) filter (where twice)::int as duplicates,
      count(*) filter (where kept_out)::int as kept_out,
      (select count(*)::int from ${liveRows(comparison, run, await columnType(db, comparison))}) as here,
      (select count(*)::int from (${await notListed(db, comparison, run)}) as n) as not_listed,
      (select count(*)::int from (${await notListed(db, comparison, run, { foundById: true })}) as n) as only_by_id
    from seen`.execute(db);
  return rows[0]!;
}

/** At most `limit` findings of a run with ids after the one given, in the order of ids. */
export async function readFindings(
  db: Db,
  comparison: Comparison,
  run: Run,
  kind: FindingKind,
  { after, limit }: { after: string; limit: number },
): Promise<Finding[]> {
  const { rows } = await sql<Finding>`
    select ${run.account} as account, f.* from (${await findings(db, comparison, run, kind)}) as f
    where f.external_id collate "C" > ${after} order by f.external_id collate "C" limit ${limit}`.execute(db);
  return rows;
}

async function findings(db: Db, comparison: Comparison, run: Run, kind: FindingKind): Promise<RawBuilder<unknown>> {
  const { source, entity } = comparison;
  const ofRun = sql`c.run_id = ${run.runId}::uuid`;
  switch (kind) {
    case 'missing':
      return sql`select distinct on (c.external_id) c.external_id, c.reason, s.waits_for, s.last_error as error
        from compare_seen c left join source_records s on s.source = ${source} and s.entity = ${entity}
          and s.external_id = c.external_id and s.scope in ('*', ${run.account})
        where ${ofRun} and c.verdict = 'missing'`;
    case 'different':
      return sql`select distinct on (c.external_id) c.external_id, c.fields from compare_seen c
        where ${ofRun} and c.verdict = 'different'`;
    case 'kept_out':
      return sql`select distinct c.external_id from compare_seen c where ${ofRun} and c.verdict = 'kept_out'`;
    case 'duplicates':
      return sql`select c.external_id, sum(c.times)::int as times from compare_seen c where ${ofRun}
        group by c.external_id having sum(c.times) > 1`;
    case 'not_listed':
      return notListed(db, comparison, run);
    case 'only_by_id':
      return notListed(db, comparison, run, { foundById: true });
  }
}

/**
 * Live rows of the account that stand on no page of any of the runs: where ids are those of the whole source, a record may
 * have moved to another account. What was written after the reading began may be newer than the page it is missing on.
 * Those that the source has by their ids alone are a matter of their own.
 */
export async function notListed(
  db: Db,
  comparison: Comparison,
  run: Run,
  { foundById = false } = {},
): Promise<RawBuilder<unknown>> {
  const runIds = comparison.runs.map(({ runId }) => runId);
  return sql`select r.external_id from ${liveRows(comparison, run, await columnType(db, comparison))}
    where t.synced_at < (select started_at from sync_log where id = ${run.runId}::uuid)
      and not exists (select from compare_seen c where c.run_id = any(${runIds}::uuid[]) and c.external_id = r.external_id)
      and exists (select from source_records s where s.source = r.source and s.entity = r.entity
        and s.external_id = r.external_id and s.scope = r.scope and ${isFoundById}) = ${foundById}`;
}

/** `external_refs r join <table> t`, the live ones: a table may hold several entities. */
function liveRows(comparison: Comparison, run: Run, type: string): RawBuilder<unknown> {
  const { source, entity, table, periodColumn: column } = comparison;
  const { period } = run;
  const inPeriod =
    period && column !== null
      ? sql` and ${dayOf(column, type, run.timezone)} between ${period.from}::date and ${period.to}::date`
      : sql``;
  return sql`external_refs r join ${sql.table(table)} t on t.id = r.entity_id and r.source = ${source}
    and r.entity = ${entity} and r.account = ${run.account} and t.deleted_at is null${inPeriod}`;
}

function dayOf(column: string, type: string, timezone: string): RawBuilder<unknown> {
  const value = sql`t.${sql.ref(column)}`;
  return type === 'date' ? value : sql`(${value} at time zone ${timezone})::date`;
}

async function columnType(db: Db, { table, periodColumn: column }: Comparison): Promise<string> {
  if (column === null) return '';
  const { rows } = await sql<{ type: string }>`
    select data_type as type from information_schema.columns
    where table_schema = 'public' and table_name = ${table} and column_name = ${column}`.execute(db);
  return rows[0]?.type ?? '';
}
