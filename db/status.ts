import { type Selectable, sql } from 'kysely';
import type { Db } from './connection.ts';
import { rowCounts } from './overview/row-counts.ts';
import { readEverythingAs } from './runs/broken-off.ts';
import { stuckRecords } from './stuck-records.ts';
import type { SyncLog } from './types.ts';

export interface StatusTarget {
  source: string;
  account: string;
  entity: string;
}

export type LastRun = Selectable<SyncLog>;

/** How one entity of one account stands. */
export interface TargetStatus extends StatusTarget {
  last_run: LastRun | null;
  /** When the whole listing was last read to its end. */
  last_read_at: Date | null;
  rows: number;
  pending: number;
  parked: number;
  quarantined: number;
  /** Of those in quarantine: an operator has dismissed them. */
  dismissed: number;
  /** Stored without a parent that is gone at the source; goes on waiting for it. */
  without_parent: number;
  /** Being looked for by id. */
  looked_for: number;
  open_issues: number;
}

/**
 * The state of each target, in the order given. `listed`: the entity in whose runs another one is read; such a one has no
 * last run of its own. Nothing here reads a table that grows with the records, or with time, as a whole.
 */
export async function readStatus(
  db: Db,
  targets: readonly StatusTarget[],
  listed: (source: string, entity: string) => string = (_, entity) => entity,
): Promise<TargetStatus[]> {
  const named = targets.map((target) => ({ ...target, listed: listed(target.source, target.entity) }));
  const asked = sql`rows from (json_to_recordset(${JSON.stringify(named)}::json)
    as (source text, account text, entity text, listed text)) with ordinality as t (source, account, entity, listed, n)`;
  const { rows } = await sql<TargetStatus>`
    with stuck as materialized (
      select source, account, entity,
        count(*) filter (where state = 'parked')::int as parked,
        count(*) filter (where state = 'quarantined')::int as quarantined,
        count(*) filter (where state = 'quarantined' and not exists (select from sync_issues i
          where i.source = s.source and i.entity = s.entity and i.external_id = s.external_id and i.kind = 'invalid_record'
            and i.resolved_at is null))::int as dismissed,
        count(*) filter (where state = 'applied')::int as without_parent
      from ${stuckRecords} group by source, account, entity
    ), due as materialized (
      select source, account, entity, count(*) filter (where state = 'listed')::int as looked_for,
        count(*) filter (where state = 'pending' and run_id is null)::int as outside_runs
      from source_records where due_at is not null group by source, account, entity
    ), applying as materialized (
      select source, account, entity, sum(pending)::int as inside_runs from sync_log where pending > 0
      group by source, account, entity
    ), issues as materialized (
      select source, account, entity, count(*)::int as open_issues from sync_issues
      where resolved_at is null group by source, account, entity
    )
    select t.source, t.account, t.entity, to_json(last) as last_run, fresh.last_read_at,
      coalesce(rows, 0) as rows, coalesce(outside_runs, 0) + coalesce(inside_runs, 0) as pending,
      coalesce(stuck.parked, 0) as parked, coalesce(stuck.quarantined, 0) as quarantined,
      coalesce(dismissed, 0) as dismissed,
      coalesce(without_parent, 0) as without_parent, coalesce(looked_for, 0) as looked_for,
      coalesce(open_issues, 0) as open_issues
    from ${asked}
    left join stuck using (source, account, entity)
    left join due using (source, account, entity)
    left join applying using (source, account, entity)
    left join ${rowCounts} refs using (source, account, entity)
    left join issues using (source, account, entity)
    left join lateral (
      select id, mode, trigger, status, started_at, finished_at, fetched, inserted, updated, unchanged, stale, parked,
        quarantined, pending, deleted, missed, period, requests, pages_done, error
      from sync_log r where r.source = t.source and r.account = t.account and r.entity = t.entity
        and trigger in ('schedule', 'manual') order by started_at desc limit 1) last on true
    left join lateral (
      select finished_at as last_read_at from sync_log r
      where r.source = t.source and r.account = t.account and r.entity = t.listed
        and ${readEverythingAs('r')}
      order by started_at desc limit 1) fresh on true
    order by t.n`.execute(db);
  return rows.map((row) => ({ ...row, last_run: row.last_run && withDates(row.last_run) }));
}

/** JSON has no times. */
function withDates(run: LastRun): LastRun {
  return { ...run, started_at: new Date(run.started_at), finished_at: run.finished_at && new Date(run.finished_at) };
}

export type RunningRun = StatusTarget &
  Pick<
    LastRun,
    'id' | 'mode' | 'trigger' | 'started_at' | 'heartbeat_at' | 'fetched' | 'pending' | 'parked' | 'pages_open'
  >;

export async function readRunning(db: Db, sources: readonly string[]): Promise<RunningRun[]> {
  const { rows } = await sql<RunningRun>`
    select id, source, account, entity, mode, trigger, started_at, heartbeat_at, fetched, pending, parked, pages_open
    from sync_log where status = 'running' and source = any(${sources}::text[]) order by started_at`.execute(db);
  return rows;
}
