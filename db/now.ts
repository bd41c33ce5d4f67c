import { sql } from 'kysely';
import type { Db } from './connection.ts';

/** The database's clock: the one that every process shares. */
export async function databaseNow(db: Db): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  return rows[0]!.now;
}
