import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { createEmptyDatabase, type TestDatabase } from './database.ts';

const FOLDER = fileURLToPath(new URL('./older-databases/', import.meta.url));

/** The numbers of the migrations at which a database was kept; see older-databases/README.md. */
export function olderVersions(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql.gz'))
    .map((name) => name.slice(0, 4));
}

/** A database as that version of pmsync has left it, of the caller's own. */
export async function restoreOlderDatabase(version: string): Promise<TestDatabase> {
  const dump = gunzipSync(readFileSync(`${FOLDER}${version}.sql.gz`)).toString('utf8');
  const database = await createEmptyDatabase();
  await onDatabase(database.url, (client) => client.query(dump));
  return database;
}

/** The vendor that these databases were read from. */
export const startOlderVendor = () => startRentprogSimulator({ seed: 11, bookings: 40, cars: 3, limits: null });

type Row = Record<string, unknown>;

/** Every row of every table of ours as JSON, by table. */
export async function allRows(url: string): Promise<Map<string, Row[]>> {
  return onDatabase(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(`
      select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'kysely%' order by 1`);
    const found = new Map<string, Row[]>();
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: Row }>(`select to_jsonb(t) as row from public.${name} t`);
      found.set(
        name,
        rows.map(({ row }) => row),
      );
    }
    return found;
  });
}

async function onDatabase<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
