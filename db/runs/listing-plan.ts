import { sql } from 'kysely';
import type { Account, ListingPlan } from '../../sources/define-source.ts';
import type { Db } from '../connection.ts';

/** What `readListingPlan` is asked for. `period`: days somebody asked for, else null. */
export type PlanRequest = Pick<ListingPlan, 'account' | 'mode' | 'period'> & { entity: string };

/** What a run that begins now is to read. Days are those of the account's zone, by the database's clock. */
export async function readListingPlan(db: Db, request: PlanRequest): Promise<ListingPlan> {
  const { account, mode, period, entity } = request;
  const { rows } = await sql<{ today: string; since: string | null }>`
    select ${dayOf(account, sql`clock_timestamp()`)} as today,
      (select ${dayOf(account, sql`max(started_at)`)} from sync_log r
        where ${isTarget(account, entity)} and ${readEverything}) as since`.execute(db);
  const { today, since } = rows[0]!;
  return { account, mode, today, since, resume: null, period };
}

/** A run `r` of a listing that has seen everything it was to see, whatever became of its records. */
export const readEverything = sql`r.trigger in ('schedule', 'manual')
  and r.status in ('succeeded', 'partial') and r.pages_failed = 0 and r.error is null`;

function isTarget({ source, name }: Account, entity: string) {
  return sql`r.source = ${source} and r.account = ${name} and r.entity = ${entity}`;
}

function dayOf({ timezone }: Account, time: ReturnType<typeof sql>) {
  return sql`to_char(${time} at time zone ${timezone}, 'YYYY-MM-DD')`;
}
