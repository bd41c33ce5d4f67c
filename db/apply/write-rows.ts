import { sql } from 'kysely';
import { landedOf } from '../landed-of.ts';
import { prepared } from '../prepared.ts';
import { type DatabaseFault, databaseFault, isDataFault } from '../sql-state.ts';
import type { Trx } from '../transaction.ts';
import { columnTypes, rowsRelation, type TableRow } from './row-columns.ts';

export type Written = { inserted: boolean } | { fault: DatabaseFault };

/** Where the rows go and where their payloads lie. */
export interface WriteTarget {
  table: string;
  source: string;
  scope: string;
  entity: string;
  /** Payload fields that have a column; the others become `additional_info`. */
  fieldsWithColumn: readonly string[];
}

/**
 * Upserts rows in one statement. When PostgreSQL refuses one of them the set is halved behind a savepoint until the
 * culprit stands alone, so that a bad row never takes its neighbours along. A fault of the server itself is thrown.
 */
export async function writeRows(
  trx: Trx,
  target: WriteTarget,
  rows: readonly TableRow[],
): Promise<Map<string, Written>> {
  if (rows.length === 0) return new Map();
  await sql`savepoint write_rows`.execute(trx);
  try {
    const written = await upsert(trx, target, rows);
    await sql`release savepoint write_rows`.execute(trx);
    return written;
  } catch (error) {
    const fault = databaseFault(error);
    if (!fault || !isDataFault(fault)) throw error;
    await sql`rollback to savepoint write_rows`.execute(trx);
    if (rows.length === 1) return new Map([[rows[0]!.id, { fault }]]);
    const middle = rows.length >> 1;
    const first = await writeRows(trx, target, rows.slice(0, middle));
    const second = await writeRows(trx, target, rows.slice(middle));
    return new Map([...first, ...second]);
  }
}

async function upsert(trx: Trx, target: WriteTarget, rows: readonly TableRow[]): Promise<Map<string, Written>> {
  const table = sql.table(target.table);
  const columns = Object.keys(rows[0]!);
  const names = (of: string) => sql.join(columns.map((column) => sql.ref(`${of}${column}`)));
  const updates = sql.join(
    columns.filter((column) => column !== 'id').map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`),
  );
  // The rest of the payload is taken where it lies, not sent through here and back.
  const result = await sql<{ id: string; inserted: boolean }>`
    ${prepared(rows.length)}insert into ${table} as t (${names('')}, additional_info, synced_at)
    select ${names('r.')}, s.payload - ${target.fieldsWithColumn}::text[], clock_timestamp()
    from ${rowsRelation(rows, columns, await columnTypes(trx, target.table))}
    cross join lateral ${landedOf(target, 'r')} s
    on conflict (id) do update set ${updates}, additional_info = excluded.additional_info, synced_at = excluded.synced_at
    returning t.id, t.xmax = 0 as inserted
  `.execute(trx);
  return new Map(result.rows.map(({ id, inserted }) => [id, { inserted }]));
}
