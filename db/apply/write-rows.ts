import { sql } from 'kysely';
import { jsonText } from '../json.ts';
import { type DatabaseFault, databaseFault, isDataFault } from '../sql-state.ts';
import type { Trx } from '../transaction.ts';

export type Written = { inserted: boolean } | { fault: DatabaseFault };

type TableRow = { id: string } & Record<string, unknown>;

/**
 * Upserts rows in one statement. When PostgreSQL refuses one of them the set is halved behind a savepoint until the
 * culprit stands alone, so that a bad row never takes its neighbours along. A fault of the server itself is thrown.
 */
export async function writeRows(trx: Trx, table: string, rows: readonly TableRow[]): Promise<Map<string, Written>> {
  if (rows.length === 0) return new Map();
  await sql`savepoint write_rows`.execute(trx);
  try {
    const written = await upsert(trx, table, rows);
    await sql`release savepoint write_rows`.execute(trx);
    return written;
  } catch (error) {
    const fault = databaseFault(error);
    if (!fault || !isDataFault(fault)) throw error;
    await sql`rollback to savepoint write_rows`.execute(trx);
    if (rows.length === 1) return new Map([[rows[0]!.id, { fault }]]);
    const middle = rows.length >> 1;
    const first = await writeRows(trx, table, rows.slice(0, middle));
    const second = await writeRows(trx, table, rows.slice(middle));
    return new Map([...first, ...second]);
  }
}

async function upsert(trx: Trx, table: string, rows: readonly TableRow[]): Promise<Map<string, Written>> {
  const columns = Object.keys(rows[0]!);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const updates = sql.join(
    columns.filter((column) => column !== 'id').map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`),
  );
  const result = await sql<{ id: string; inserted: boolean }>`
    insert into ${sql.table(table)} as t (${names}, synced_at)
    select ${names}, clock_timestamp() from json_populate_recordset(null::${sql.table(table)}, ${jsonText(rows)}::json)
    on conflict (id) do update set ${updates}, synced_at = excluded.synced_at
    returning t.id, t.xmax = 0 as inserted
  `.execute(trx);
  return new Map(result.rows.map(({ id, inserted }) => [id, { inserted }]));
}
