import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/connection.ts';
import type { RunMode } from '../db/runs/open-run.ts';
import type { SyncLog } from '../db/types.ts';
import type { JobContext } from '../jobs/define-job.ts';
import { planSync } from '../jobs/plan-sync.ts';
import type { SyncTarget } from '../operations/targets.ts';
import type { Period } from './read-period.ts';

/** A run as the table at the end shows it. */
export type RunRow = Selectable<SyncLog>;

/** What kind of run is asked for. */
export interface RunWish {
  mode: RunMode;
  /** Deletes are not held by the brake. */
  confirmDeletes?: boolean;
}

/** A target, and the days to read of it when not everything is asked for. */
export type Wanted = SyncTarget & { period?: Period };

/** Asks for a run of each target. One that is going already is joined. */
export async function requestRuns({ enqueue }: JobContext, targets: readonly Wanted[], wish: RunWish): Promise<void> {
  await enqueue(
    planSync,
    targets.map((target) => ({ ...target, ...wish, trigger: 'manual' as const })),
  );
}

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
