import { sql } from 'kysely';
import type { Db } from '../connection.ts';

export interface RequestCount {
  source: string;
  account: string;
  rate_class: string;
  requests: number;
}

/** Requests of one account and rate class in the last minutes. */
export interface RequestsUsed {
  source: string;
  account: string;
  rate_class: string;
  last_minute: number;
  last_5_minutes: number;
}

/** Length of a span in which requests are counted together. */
const SPAN_SECONDS = 5;
const KEPT_MINUTES = 60;

/** Adds requests that have gone out in the last seconds. */
export async function addVendorRequests(db: Db, counts: readonly RequestCount[]): Promise<void> {
  if (counts.length === 0) return;
  await sql`
    insert into vendor_requests as v (source, account, rate_class, at, requests)
    select source, account, rate_class, date_bin(make_interval(secs => ${SPAN_SECONDS}), clock_timestamp(), 'epoch'), requests
    from json_to_recordset(${JSON.stringify(counts)}::json)
      as c (source text, account text, rate_class text, requests int)
    order by source, account, rate_class
    on conflict (at, source, account, rate_class) do update set requests = v.requests + excluded.requests`.execute(db);
}

export async function readVendorRequests(db: Db): Promise<RequestsUsed[]> {
  const { rows } = await sql<RequestsUsed>`
    select source, account, rate_class,
      coalesce(sum(requests) filter (where at > clock_timestamp() - interval '1 minute'), 0)::int as last_minute,
      sum(requests)::int as last_5_minutes
    from vendor_requests where at > clock_timestamp() - interval '5 minutes'
    group by source, account, rate_class`.execute(db);
  return rows;
}

export async function forgetOldRequests(db: Db): Promise<void> {
  await sql`delete from vendor_requests where at < now() - make_interval(mins => ${KEPT_MINUTES})`.execute(db);
}
