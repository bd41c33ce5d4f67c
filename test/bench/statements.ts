import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from '../../db/connection.ts';
import type { Bench } from './bench-system.ts';

/** What has been spent on each statement so far, by its id. */
export type Spent = ReadonlyMap<string, Statement>;

interface Statement {
  text: string;
  calls: number;
  rows: number;
  ms: number;
  /** Blocks of tables and indexes that were looked at. */
  blocks: number;
}

const EXTENSION = 'pg_stat_statements';
const EVERY_MS = 200;
const QUARTERS = [0.25, 0.5, 0.75, 1];
/** Statements that are seldom, or cost next to nothing, only make noise. */
const FEWEST_CALLS = 10;
const LEAST_A_CALL = { ms: 0.2, blocks: 20 };
const GROWN = 2;

/**
 * Looks at the worker's memory after each quarter of the records, and at the statements at the beginning and after the first,
 * third and last quarter. There are no statements where they are not counted.
 */
export async function watchQuarters(
  { db, usage }: Pick<Bench, 'db' | 'usage'>,
  records: number,
  closed: AbortSignal,
): Promise<{ memoryMb: number[]; statements: Spent[] }> {
  const counts = await areCounted(db);
  const memoryMb: number[] = [];
  const statements: Spent[] = counts ? [await readStatements(db)] : [];
  for (const quarter of QUARTERS) {
    while (!closed.aborted && (await fetched(db)) < quarter * records) await wait(EVERY_MS);
    // A small load ends before its quarters are seen: then nothing can be said of them.
    if (closed.aborted && quarter < 1) break;
    memoryMb.push((await usage())[0]!.rssMb);
    if (counts && quarter !== 0.5) statements.push(await readStatements(db));
  }
  return { memoryMb, statements };
}

async function fetched(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select /* bench */ coalesce(max(fetched), 0)::int as n from sync_log where entity = 'bookings'`.execute(db);
  return rows[0]!.n;
}

/** From now on, for connections to come. Does nothing when the server was not started with pg_stat_statements. */
export async function countStatements(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query('show shared_preload_libraries');
    if (!rows[0].shared_preload_libraries.includes(EXTENSION)) return;
    await client.query(`create extension if not exists ${EXTENSION}`);
    await client.query(`alter database "${client.database}" set ${EXTENSION}.track = 'top'`);
  } finally {
    await client.end();
  }
}

async function areCounted(db: Db): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_extension where extname = ${EXTENSION}`.execute(db);
  return rows.length > 0;
}

async function readStatements(db: Db): Promise<Spent> {
  const { rows } = await sql<Statement & { id: string }>`
    select /* bench */ queryid::text as id, min(query) as text, sum(calls)::int as calls, sum(rows)::int as rows,
      sum(total_exec_time)::float8 as ms, sum(shared_blks_hit + shared_blks_read)::float8 as blocks
    from pg_stat_statements
    where dbid = (select oid from pg_database where datname = current_database()) and query not like '%/* bench */%'
    group by queryid`.execute(db);
  return new Map(rows.map(({ id, ...spent }) => [id, spent]));
}

/**
 * Of the four looks of `watchQuarters`: a line for each statement that took more than twice as much in the last quarter as in
 * the first, the dearest first. By row, or by call where it has fewer rows than calls: batches are of any size.
 */
export function dearerStatements([beginning, first, third, last]: readonly Spent[], by: 'ms' | 'blocks'): string[] {
  return [...(last ?? [])]
    .map(([id, { text }]) => ({ text, before: costOf(id, by, beginning, first), after: costOf(id, by, third, last) }))
    .filter(({ before, after }) => before.calls >= FEWEST_CALLS && after.calls >= FEWEST_CALLS)
    .filter(({ before, after }) => after.aCall >= LEAST_A_CALL[by] && after.aRow > GROWN * before.aRow)
    .sort((a, b) => b.after.aCall - a.after.aCall)
    .map(
      ({ text, before, after }) => `${before.aRow.toFixed(3)} → ${after.aRow.toFixed(3)} ${by}: \`${shortened(text)}\``,
    );
}

/** Between two looks. */
function costOf(id: string, by: 'ms' | 'blocks', from: Spent | undefined, to: Spent | undefined) {
  const grown = (what: 'calls' | 'rows' | 'ms' | 'blocks') => (to?.get(id)?.[what] ?? 0) - (from?.get(id)?.[what] ?? 0);
  const [calls, rows, cost] = [grown('calls'), grown('rows'), grown(by)];
  return { calls, aCall: cost / calls, aRow: cost / Math.max(calls, rows) };
}

function shortened(statement: string): string {
  return statement.replaceAll(/\s+/g, ' ').trim().slice(0, 120);
}
