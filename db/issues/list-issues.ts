import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import type { IssueKind } from '../issues.ts';
import { cursorOf, parseCursor, SORT } from '../keyset.ts';
import type { Slice } from '../overview/list-runs.ts';
import { type IssueFilter, isAskedIssue } from './issue-filter.ts';

/** An issue, with how its record stands now. */
export interface IssueRow {
  id: string;
  opened_at: Date;
  resolved_at: Date | null;
  resolution: string | null;
  source: string;
  account: string;
  entity: string;
  /** Null for an issue of a whole listing. */
  external_id: string | null;
  kind: IssueKind;
  message: string;
  /** How often it has been met. */
  attempts: number;
  run_id: string | null;
  cause: string;
  /** Of the record; null when nothing has been landed for it. */
  state: string | null;
  waits_for: string[] | null;
  last_error: string | null;
}

/** Oldest first. `cause`: of one group only. */
export async function listIssues(
  db: Db,
  { cause, ...filter }: IssueFilter & { cause?: string | undefined },
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Slice<IssueRow>> {
  const after = parseCursor(cursor, [SORT.number]);
  const { rows } = await sql<IssueRow>`
    select i.id, i.opened_at, i.resolved_at, i.resolution, i.source, i.account, i.entity, i.external_id, i.kind, i.message,
      i.attempts, i.run_id, i.cause, s.state, s.waits_for, s.last_error
    from sync_issues i
    left join lateral (select state, waits_for, last_error from source_records s where s.source = i.source
      and s.entity = i.entity and s.external_id = i.external_id and s.scope in ('*', i.account) limit 1) s on true
    where ${isAskedIssue(filter)} and ${cause ? sql`i.cause = ${cause}` : sql`true`}
      and ${after ? sql`i.id > ${after[0]}::bigint` : sql`true`}
    order by i.id limit ${limit + 1}`.execute(db);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > limit && last ? cursorOf([last.id]) : null };
}
