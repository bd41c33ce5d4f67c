import { sql } from 'kysely';
import type { Db } from './connection.ts';

export interface DigestCounts {
  source: string;
  account: string;
  succeeded: number;
  partial: number;
  failed: number;
  /** Issues that were closed. */
  healed: number;
}

/** What has happened at each account since then. */
export async function readDigestCounts(db: Db, since: Date): Promise<DigestCounts[]> {
  const { rows } = await sql<DigestCounts>`
    select source, account, count(*) filter (where what = 'succeeded')::int as succeeded,
      count(*) filter (where what = 'partial')::int as partial, count(*) filter (where what = 'failed')::int as failed,
      count(*) filter (where what = 'healed')::int as healed
    from (
      select source, account, status as what from sync_log where finished_at >= ${since}
      union all
      select source, account, 'healed' from sync_issues where resolved_at >= ${since}
    ) happened group by source, account`.execute(db);
  return rows;
}
