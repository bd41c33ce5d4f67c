import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import type { RunRow } from './list-runs.ts';

export interface PageRow {
  page: string;
  kind: 'list' | 'record';
  state: 'queued' | 'done' | 'failed';
  attempt: number;
  records: number | null;
  changed_at: Date;
  error: string | null;
}

export interface PageCount {
  kind: 'list' | 'record';
  state: 'queued' | 'done' | 'failed';
  pages: number;
  records: number;
}

export interface RunPages {
  /** Of all that are kept; a run's pages are forgotten some days after it. */
  counts: PageCount[];
  /** Failed first, then those to come, then the newest. */
  first: PageRow[];
}

export async function readRunRow(db: Db, id: string): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`select * from sync_log where id = ${id}::uuid`.execute(db);
  return rows[0];
}

export async function readRunPages(db: Db, id: string, limit: number): Promise<RunPages> {
  const [counts, first] = await Promise.all([
    sql<PageCount>`
      select kind, state, count(*)::int as pages, coalesce(sum(records), 0)::int as records from sync_pages
      where run_id = ${id}::uuid group by kind, state order by kind, state`.execute(db),
    sql<PageRow>`
      select page, kind, state, attempt, records, changed_at, error from sync_pages where run_id = ${id}::uuid
      order by case state when 'failed' then 0 when 'queued' then 1 else 2 end, changed_at desc, page limit ${limit}`.execute(
      db,
    ),
  ]);
  return { counts: counts.rows, first: first.rows };
}

export interface RunIssue {
  id: string;
  opened_at: Date;
  resolved_at: Date | null;
  resolution: string | null;
  entity: string;
  external_id: string | null;
  kind: string;
  message: string;
  cause: string;
}

/** Met by this run last, or opened while it went on: a later run that meets an issue again takes it over. Open ones first. */
export async function readRunIssues(
  db: Db,
  { id, source, account, entity, started_at: from, finished_at: to }: RunRow,
  limit: number,
): Promise<RunIssue[]> {
  const { rows } = await sql<RunIssue>`
    select id, opened_at, resolved_at, resolution, entity, external_id, kind, message, cause from sync_issues
    where id in (
      select id from sync_issues where run_id = ${id}::uuid
      union select id from sync_issues where opened_at >= ${from} and opened_at <= coalesce(${to}, now())
        and source = ${source} and account = ${account} and entity = ${entity})
    order by resolved_at is not null, opened_at desc, id desc limit ${limit}`.execute(db);
  return rows;
}
