import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import type { IssueKind } from '../issues.ts';
import { cursorOf, parseCursor, SORT } from '../keyset.ts';
import type { Slice } from '../overview/list-runs.ts';
import { type IssueFilter, isAskedIssue } from './issue-filter.ts';

/** Issues with one cause. What is not of the kind's is null. */
export interface IssueGroup {
  /** Names the group in addresses. */
  cause: string;
  source: string;
  kind: IssueKind;
  accounts: string[];
  /** Of the records that have the issue. */
  entities: string[];
  count: number;
  /** `missing_parent`: the record that nobody has and these lack. */
  parent: { entity: string; external_id: string } | null;
  /** `invalid_record`: what is wrong with them, without their values. */
  problem: { field: string; rule: string; found: string } | null;
  first_opened_at: Date;
  last_opened_at: Date;
  /** Of the newest. */
  message: string;
  /** Of some of the records. */
  external_ids: string[];
}

const SHOWN_IDS = 5;

/** The largest first. */
export async function listIssueGroups(
  db: Db,
  filter: IssueFilter,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Slice<IssueGroup>> {
  const after = parseCursor(cursor, [SORT.number, SORT.hash]);
  const { rows } = await sql<IssueGroup>`
    with groups as (
      select i.cause, count(*)::int as count, max(i.id) as newest, min(i.opened_at) as first_opened_at,
        max(i.opened_at) as last_opened_at, array_agg(distinct i.account) as accounts,
        array_agg(distinct i.entity) as entities
      from sync_issues i where ${isAskedIssue(filter)} group by i.cause
      ${after ? sql`having (count(*), i.cause) < (${after[0]}::bigint, ${after[1]})` : sql``}
      order by count(*) desc, i.cause desc limit ${limit + 1}
    )
    select g.cause, n.source, n.kind, g.accounts, g.entities, g.count, g.first_opened_at, g.last_opened_at, n.message,
      case when n.kind = 'missing_parent' then n.details -> 'parents' -> 0 end - array['trail', 'scope'] as parent,
      case when n.kind = 'invalid_record' then n.details -> 'problems' -> 0 end as problem,
      coalesce((select array_agg(external_id order by id) from (
        select i.external_id, i.id from sync_issues i
        where i.cause = g.cause and i.external_id is not null and ${isAskedIssue(filter)}
        order by i.id limit ${SHOWN_IDS}) shown), '{}') as external_ids
    from groups g join sync_issues n on n.id = g.newest
    order by g.count desc, g.cause desc`.execute(db);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > limit && last ? cursorOf([String(last.count), last.cause]) : null };
}
