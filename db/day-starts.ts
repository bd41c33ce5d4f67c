import { sql } from 'kysely';
import type { Db } from './connection.ts';

/** When these days (`YYYY-MM-DD`) begin in a time zone, and when the days after them do. */
export async function readDays(
  db: Db,
  days: readonly string[],
  timezone: string,
): Promise<{ begins: Date; ends: Date }[]> {
  const { rows } = await sql<{ begins: Date; ends: Date }>`
    select day::timestamp at time zone ${timezone} as begins, (day + 1)::timestamp at time zone ${timezone} as ends
    from unnest(${days}::date[]) with ordinality as t (day, n) order by n`.execute(db);
  return rows;
}
