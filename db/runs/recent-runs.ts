import { sql } from 'kysely';
import type { Db } from '../connection.ts';

export interface RecentRun {
  id: string;
  source: string;
  account: string;
  entity: string;
  status: 'running' | 'succeeded' | 'partial' | 'failed';
  inserted: number;
  updated: number;
  unchanged: number;
  stale: number;
  parked: number;
  quarantined: number;
  deleted: number;
}

/** The runs that are going, and those that have finished in the last so many minutes. */
export async function readRecentRuns(db: Db, minutes: number): Promise<RecentRun[]> {
  const columns = sql.raw(
    'id, source, account, entity, status, inserted, updated, unchanged, stale, parked, quarantined, deleted',
  );
  // Two parts, each with an index of its own.
  const { rows } = await sql<RecentRun>`
    select ${columns} from sync_log where status = 'running'
    union all
    select ${columns} from sync_log where finished_at > now() - make_interval(mins => ${minutes}) and status <> 'running'`.execute(
    db,
  );
  return rows;
}
