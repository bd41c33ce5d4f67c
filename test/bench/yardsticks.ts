import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from '../../db/connection.ts';
import { PAGE_SIZE } from './world.ts';

/** Its rate does not depend on how many there are. */
const SINGLY_AT_MOST = 10_000;

/** All bookings, each as a JSON object of its columns. */
export async function readRows(db: Db): Promise<string[]> {
  const { rows } = await sql<{ row: string }>`
    select row_to_json(b)::text as row from bookings b order by external_id`.execute(db);
  return rows.map(({ row }) => row);
}

/** Empties `bookings` and writes the rows with one set-based upsert a page and nothing else. Rows a second. */
export async function byPages(databaseUrl: string, rows: readonly string[]): Promise<number> {
  return withEmptyTable(databaseUrl, async (client, columns) => {
    const names = columns.map((column) => `"${column}"`);
    const statement = `insert into bookings (${names}) select ${names} from json_populate_recordset(null::bookings, $1::json)
      on conflict (id) do update set ${updates(columns)}`;
    for (let start = 0; start < rows.length; start += PAGE_SIZE)
      await client.query(statement, [`[${rows.slice(start, start + PAGE_SIZE)}]`]);
    return rows.length;
  });
}

/** Empties `bookings` and writes one row after the other, as scripts do. Rows a second. */
export async function rowByRow(databaseUrl: string, rows: readonly string[]): Promise<number> {
  return withEmptyTable(databaseUrl, async (client, columns) => {
    const statement = `insert into bookings (${columns.map((column) => `"${column}"`)})
      values (${columns.map((_, i) => `$${i + 1}`)}) on conflict (id) do update set ${updates(columns)}`;
    const some = rows.slice(0, SINGLY_AT_MOST);
    for (const row of some) {
      const booking = JSON.parse(row) as Record<string, unknown>;
      await client.query(
        statement,
        columns.map((column) => booking[column]),
      );
    }
    return some.length;
  });
}

type Write = (client: pg.Client, columns: readonly string[]) => Promise<number>;

async function withEmptyTable(databaseUrl: string, write: Write): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('truncate bookings');
    const { fields } = await client.query('select * from bookings limit 0');
    const columns = fields.map(({ name }) => name);
    const began = performance.now();
    const written = await write(client, columns);
    return written / ((performance.now() - began) / 1000);
  } finally {
    await client.end();
  }
}

function updates(columns: readonly string[]): string {
  return columns
    .filter((column) => column !== 'id')
    .map((column) => `"${column}" = excluded."${column}"`)
    .join(', ');
}
