import { sql } from 'kysely';
import type { Db } from '../connection.ts';

/** A day of an account, by the account's clock. */
export interface AccountDay {
  source: string;
  account: string;
  /** First moment of the day, and the first of the next one. */
  from: Date;
  to: Date;
  /** Entities that a schedule reads again by itself. */
  scheduled: readonly string[];
  /** Entities that are read in the runs of another one. */
  parts: readonly { entity: string; listed: string }[];
}

/** When the calendar day `YYYY-MM-DD` begins and ends in the zone. A day may have 23 or 25 hours. */
export async function dayBounds(db: Db, date: string, zone: string): Promise<{ from: Date; to: Date }> {
  const { rows } = await sql<{ from: Date; to: Date }>`
    select ${date}::date::timestamp at time zone ${zone} as from,
      (${date}::date + 1)::timestamp at time zone ${zone} as to`.execute(db);
  return rows[0]!;
}

/** Today's calendar day in the zone, by the database's clock. */
export async function dayNow(db: Db, zone: string): Promise<string> {
  const { rows } = await sql<{ day: string }>`select (clock_timestamp() at time zone ${zone})::date as day`.execute(db);
  return rows[0]!.day;
}
