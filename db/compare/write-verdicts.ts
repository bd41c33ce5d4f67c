import { type RawBuilder, sql } from 'kysely';
import { columnTypes, rowsRelation, type TableRow } from '../apply/row-columns.ts';
import { jsonText } from '../json.ts';
import { landedOf } from '../landed-of.ts';
import { prepared } from '../prepared.ts';
import { databaseFault, isDataFault } from '../sql-state.ts';
import type { Trx } from '../transaction.ts';

/** A record of the vendor's and what its row here has to be. */
export interface Candidate {
  external_id: string;
  id: string;
  /** On this page. */
  times: number;
  /** Absent: the one that has landed. */
  payload?: unknown;
  hash?: string;
  /** Fields for which the record cannot be mapped. */
  problems?: string[];
  /** Columns that are compared; the same ones for every record. */
  row?: Record<string, unknown>;
}

export interface VerdictTarget {
  runId: string;
  page: string;
  source: string;
  scope: string;
  entity: string;
  table: string;
  fieldsWithColumn: readonly string[];
  foreignKeys: readonly string[];
}

/**
 * Compares records with their rows in PostgreSQL, column by column with the column's own type, so that '10' is 10.00. A value
 * that PostgreSQL refuses makes its own record different and takes no other along.
 */
export async function writeVerdicts(trx: Trx, target: VerdictTarget, candidates: readonly Candidate[]): Promise<void> {
  if (candidates.length === 0) return;
  await sql`savepoint write_verdicts`.execute(trx);
  try {
    await insertVerdicts(trx, target, candidates);
    await sql`release savepoint write_verdicts`.execute(trx);
  } catch (error) {
    const fault = databaseFault(error);
    if (!fault || !isDataFault(fault)) throw error;
    await sql`rollback to savepoint write_verdicts`.execute(trx);
    const [first] = candidates;
    if (first && candidates.length === 1) {
      if (!first.row) throw error;
      const { row: _row, ...rest } = first;
      return writeVerdicts(trx, target, [{ ...rest, problems: [fault.column ?? '(record)'] }]);
    }
    const middle = candidates.length >> 1;
    await writeVerdicts(trx, target, candidates.slice(0, middle));
    await writeVerdicts(trx, target, candidates.slice(middle));
  }
}

async function insertVerdicts(trx: Trx, target: VerdictTarget, candidates: readonly Candidate[]): Promise<void> {
  const { runId, page, source, scope, entity, fieldsWithColumn } = target;
  const table = sql.table(target.table);
  const seen = candidates.map(({ row: _row, ...candidate }) => candidate);
  const rows = candidates.flatMap(({ id, row }) => (row ? [{ id, ...row }] : []));
  const columns = Object.keys(candidates.find(({ row }) => row)?.row ?? {});
  const mapped = await mappedRows(trx, target.table, rows, columns);

  await sql`
    ${prepared(candidates.length)}with seen as (
      select * from json_to_recordset(${jsonText(seen)}::json)
        as i (external_id text, id uuid, times integer, payload jsonb, hash text, problems text[])
    ), mapped as materialized (
      ${mapped}
    ), standing as (
      select i.external_id, i.times, s.state, t.id is null or t.deleted_at is not null as absent,
        t.id is not null as has_row, k.external_id is not null as is_kept_out,
        s.payload is not null and not s.is_partial and s.state not in ('listed', 'gone')
          and (i.hash is null or i.hash = s.payload_hash) as landed,
        case when t.id is null then null
          when i.problems is not null then i.problems
          when m.id is null then array['(landing)']
          else ${differences(columns, target.foreignKeys)} || case
            when a.expected is distinct from t.additional_info then array(
              select 'additional_info.' || key from jsonb_object_keys(a.expected || t.additional_info) as key
              where a.expected -> key is distinct from t.additional_info -> key order by key)
            else '{}' end end as fields
      from seen i
      left join lateral ${landedOf({ source, scope, entity }, 'i')} s on true
      left join kept_out k on k.source = ${source} and k.scope = ${scope} and k.entity = ${entity}
        and k.external_id = i.external_id
      left join mapped m on m.id = i.id
      left join ${table} t on t.id = i.id
      cross join lateral (select coalesce(i.payload, s.payload) - ${fieldsWithColumn}::text[] as expected) a
    )
    insert into compare_seen (run_id, external_id, page, times, verdict, reason, landed, fields)
    select ${runId}::uuid, external_id, ${page}, times,
      case when absent and is_kept_out then 'kept_out' when absent then 'missing'
        when cardinality(fields) > 0 then 'different' else 'same' end,
      case when not absent then null when has_row then 'deleted' when state is null then 'unknown'
        when state = 'applied' then 'row' else state end,
      coalesce(landed, false), case when not absent then nullif(fields, '{}') end
    from standing`.execute(trx);
}

async function mappedRows(
  trx: Trx,
  table: string,
  rows: readonly TableRow[],
  columns: readonly string[],
): Promise<RawBuilder<unknown>> {
  if (rows.length === 0) return sql`select * from ${sql.table(table)} where false`;
  return sql`select * from ${rowsRelation(rows, ['id', ...columns], await columnTypes(trx, table))}`;
}

/** A row stored without a parent that is gone keeps waiting for it; that it has no link is no difference. */
function differences(columns: readonly string[], foreignKeys: readonly string[]): RawBuilder<unknown> {
  const cases = columns.map((column) => {
    const differs = sql`m.${sql.ref(column)} is distinct from t.${sql.ref(column)}`;
    const waits = sql`(t.${sql.ref(column)} is null and s.waits_for is not null)`;
    return sql`case when ${differs}${foreignKeys.includes(column) ? sql` and not ${waits}` : sql``} then ${sql.lit(column)} end`;
  });
  return sql`array_remove(array[${cases.length > 0 ? sql.join(cases) : sql``}]::text[], null)`;
}
