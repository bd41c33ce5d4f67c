import { sql } from 'kysely';
import type { Db } from '../connection.ts';

/**
 * How many rows each entity of an account has, as a table `(source, account, entity, rows)`: what has been summed up and what
 * has changed since. Counting the rows themselves would read them all.
 */
export const rowCounts = sql`(
  select source, account, entity, sum(rows)::int as rows from (
    select source, account, entity, rows from row_counts
    union all select source, account, entity, change from row_changes
  ) counted group by source, account, entity)`;

/** Sums the changes up. Several may do so at once: each change is taken by one of them. */
export async function sumUpRowChanges(db: Db): Promise<void> {
  await sql`
    with taken as (delete from row_changes returning source, account, entity, change)
    insert into row_counts as c (source, account, entity, rows)
    select source, account, entity, sum(change) from taken group by source, account, entity
    order by source, account, entity
    on conflict (source, account, entity) do update set rows = c.rows + excluded.rows`.execute(db);
}
