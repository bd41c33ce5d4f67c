import { type Selectable, sql } from 'kysely';
import type { RunStatus } from '../../../db/runs/open-run.ts';
import type { SyncLog } from '../../../db/types.ts';
import type { JobContext } from '../../../jobs/define-job.ts';

export const COUNTS = [
  'fetched',
  'inserted',
  'updated',
  'unchanged',
  'stale',
  'parked',
  'quarantined',
  'deleted',
] as const;

export type LastRun = Pick<Selectable<SyncLog>, (typeof COUNTS)[number] | 'started_at' | 'error'> & {
  status: RunStatus;
};

export interface OverviewRow {
  source: string;
  account: string;
  entity: string;
  timezone: string;
  /** Absent when it has never run. */
  run?: LastRun;
}

/** Every entity of every account of the settings, with its newest run. */
export async function readOverview({
  db,
  settings,
  sources,
}: Pick<JobContext, 'db' | 'settings' | 'sources'>): Promise<OverviewRow[]> {
  const targets = settings.sources.flatMap((source) =>
    source.accounts.flatMap(({ name: account, timezone }) =>
      (sources.get(source.name)?.entities ?? [])
        .filter(({ partOf }) => partOf === undefined)
        .map(({ name: entity }) => ({
          source: source.name,
          account,
          entity,
          timezone,
        })),
    ),
  );
  const { rows } = await sql<LastRun & { n: number }>`
    select t.n, r.status, r.started_at, r.error, ${sql.join(COUNTS.map((count) => sql.ref(`r.${count}`)))}
    from json_to_recordset(${JSON.stringify(targets.map((target, n) => ({ ...target, n })))}::json)
      as t (n int, source text, account text, entity text)
    cross join lateral (
      select * from sync_log l where l.source = t.source and l.account = t.account and l.entity = t.entity
        and l.trigger in ('schedule', 'manual') order by l.started_at desc limit 1) r`.execute(db);
  const runs = new Map(rows.map(({ n, ...run }) => [n, run]));
  return targets.map((target, n) => {
    const run = runs.get(n);
    return run ? { ...target, run } : target;
  });
}
