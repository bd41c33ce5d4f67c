import { sql } from 'kysely';
import type { Db } from './connection.ts';

/** Requests are counted over this long; in the table `at` is where the span begins. */
export const SPAN_MS = 10_000;
const KEEP_HOURS = 1;

export interface RequestClass {
  source: string;
  account: string;
  rate_class: string;
}

export type CountedRequests = RequestClass & { at: Date; requests: number };

/** Adds to what processes have counted so far, and forgets what is older than an hour. */
export async function addVendorRequests(db: Db, counted: readonly CountedRequests[]): Promise<void> {
  await sql`
    insert into vendor_requests as v (at, source, account, rate_class, requests)
    select at, source, account, rate_class, requests from json_to_recordset(${JSON.stringify(counted)}::json)
      as c (at timestamptz, source text, account text, rate_class text, requests integer)
    order by 1, 2, 3, 4
    on conflict (at, source, account, rate_class) do update set requests = v.requests + excluded.requests`.execute(db);
  await sql`delete from vendor_requests where at < now() - make_interval(hours => ${KEEP_HOURS})`.execute(db);
}

export type RequestUse = RequestClass & { last_minute: number; last_5_minutes: number };

/**
 * Requests of the last minute and the last five by account and rate class, up to the newest span that is surely complete:
 * the figures are 10 to 20 seconds old.
 */
export async function readRequestUse(db: Db): Promise<RequestUse[]> {
  const spanSeconds = SPAN_MS / 1000;
  const { rows } = await sql<RequestUse>`
    with newest as (
      select to_timestamp(floor(extract(epoch from now()) / ${spanSeconds}) * ${spanSeconds})
        - make_interval(secs => ${spanSeconds}) as until
    )
    select source, account, rate_class,
      coalesce(sum(requests) filter (where at >= until - interval '1 minute'), 0)::int as last_minute,
      sum(requests)::int as last_5_minutes
    from vendor_requests, newest where at >= until - interval '5 minutes' and at < until
    group by source, account, rate_class`.execute(db);
  return rows;
}
