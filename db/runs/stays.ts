import { sql } from 'kysely';

/** Days counted from today in the account's zone. */
export interface StayRange {
  table: string;
  timezone: string;
  fromDays: number;
  toDays: number;
}

/** External ids of live rows whose stay touches these days, as a query. */
export function staysIn(
  { table, timezone, fromDays, toDays }: StayRange,
  { source, account }: { source: string; account: string },
) {
  // Midnight at the beginning of the day that is so many from today.
  const dayStart = (days: number) =>
    sql`(date_trunc('day', clock_timestamp() at time zone ${timezone}) + make_interval(days => ${days})) at time zone ${timezone}`;
  return sql`select external_id from ${sql.table(table)}
    where source = ${source} and account = ${account} and deleted_at is null
      and check_in < ${dayStart(toDays + 1)} and coalesce(check_out, check_in) >= ${dayStart(fromDays)}`;
}
