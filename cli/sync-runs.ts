import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/connection.ts';
import type { SyncLog } from '../db/types.ts';
import type { RunWish, Wanted } from '../operations/run-now.ts';

/** A run as the table at the end shows it. */
export type RunRow = Selectable<SyncLog>;

/** The newest run of each target that was going at `since` or began after it, and that is what was asked for. */
export async function readRuns(db: Db, targets: readonly Wanted[], wish: RunWish, since: Date): Promise<RunRow[]> {
  const { mode, confirmDeletes = false } = wish;
  const asked = targets.map(({ period, ...target }) => ({ ...target, days: period && `${period.from}..${period.to}` }));
  const { rows } = await sql<RunRow>`
    select distinct on (r.source, r.account, r.entity) r.*
    from json_to_recordset(${JSON.stringify(asked)}::json) as t (source text, account text, entity text, days text)
    join sync_log r on r.source = t.source and r.account = t.account and r.entity = t.entity
    where r.trigger in ('schedule', 'manual') and (r.finished_at is null or r.finished_at >= ${since})
      and (${mode} = 'incremental' or r.mode = ${mode}) and r.period is not distinct from t.days
      and (r.confirm_deletes or not ${confirmDeletes})
    order by r.source, r.account, r.entity, r.started_at desc`.execute(db);
  return targets.flatMap((t) =>
    rows.filter((r) => r.source === t.source && r.account === t.account && r.entity === t.entity),
  );
}

export interface OpenIssue {
  source: string;
  account: string;
  entity: string;
  external_id: string | null;
  kind: string;
  message: string;
}

export async function readOpenIssues(db: Db, sources: readonly string[], limit: number): Promise<OpenIssue[]> {
  const { rows } = await sql<OpenIssue>`
    select source, account, entity, external_id, kind, message from sync_issues
    where resolved_at is null and source = any(${sources}::text[]) order by opened_at limit ${limit}`.execute(db);
  return rows;
}
