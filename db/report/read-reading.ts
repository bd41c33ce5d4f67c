import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import type { AccountDay } from './account-day.ts';

/** What was read of an entity in the runs that began on the day; comparisons are left out. */
export interface EntityReading {
  entity: string;
  runs: number;
  succeeded: number;
  partial: number;
  failed: number;
  running: number;
  fetched: number;
  inserted: number;
  updated: number;
  unchanged: number;
  deleted: number;
  requests: number;
}

export async function readReading(db: Db, { source, account, from, to }: AccountDay): Promise<EntityReading[]> {
  const { rows } = await sql<EntityReading>`
    select entity, count(*)::int as runs,
      count(*) filter (where status = 'succeeded')::int as succeeded, count(*) filter (where status = 'partial')::int as partial,
      count(*) filter (where status = 'failed')::int as failed, count(*) filter (where status = 'running')::int as running,
      sum(fetched)::float8 as fetched, sum(inserted)::float8 as inserted, sum(updated)::float8 as updated,
      sum(unchanged)::float8 as unchanged, sum(deleted)::float8 as deleted, sum(requests)::float8 as requests
    from sync_log where source = ${source} and account = ${account} and started_at >= ${from} and started_at < ${to}
      and trigger <> 'compare'
    group by entity order by entity`.execute(db);
  return rows;
}

/** How another account of the source fared on that day. */
export interface NeighbourReading {
  account: string;
  /** Runs that read at least one page, and such as read none. */
  worked: number;
  failed: number;
}

export async function readNeighbours(db: Db, { source, account, from, to }: AccountDay): Promise<NeighbourReading[]> {
  const { rows } = await sql<NeighbourReading>`
    select account, count(*) filter (where pages_done > 0)::int as worked, count(*) filter (where pages_done = 0)::int as failed
    from sync_log where source = ${source} and account <> ${account} and started_at >= ${from} and started_at < ${to}
      and status <> 'running' and trigger in ('schedule', 'manual')
    group by account order by account`.execute(db);
  return rows;
}
