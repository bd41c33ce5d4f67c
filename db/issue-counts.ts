import { sql } from 'kysely';
import type { Db } from './connection.ts';
import type { IssueKind } from './issues.ts';

export interface IssueCount {
  source: string;
  account: string;
  kind: IssueKind;
  open: number;
}

/** How many issues are open, by account and kind. */
export async function countOpenIssues(db: Db): Promise<IssueCount[]> {
  const { rows } = await sql<IssueCount>`
    select source, account, kind, count(*)::int as open from sync_issues where resolved_at is null
    group by source, account, kind`.execute(db);
  return rows;
}
