import { sql } from 'kysely';
import type { IssueKind } from '../issues.ts';

export interface IssueFilter {
  /** Those of one cause. */
  cause?: string | undefined;
  source?: string | undefined;
  account?: string | undefined;
  entity?: string | undefined;
  kind?: IssueKind | undefined;
  /** Default `open`. Those dismissed are among the resolved. */
  state?: 'open' | 'resolved' | 'all' | undefined;
  /** An external id, of the record or of the parent it lacks, or the number that staff knows a booking by. */
  text?: string | undefined;
}

/** Of rows of `sync_issues` under the name `i`. Written out for each question, so that the planner sees which index fits. */
export function isAskedIssue({ cause, source, account, entity, kind, state = 'open', text }: IssueFilter) {
  const parts = [
    cause && sql`i.cause = ${cause}`,
    state === 'open' && sql`i.resolved_at is null`,
    state === 'resolved' && sql`i.resolved_at is not null`,
    source && sql`i.source = ${source}`,
    account && sql`i.account = ${account}`,
    entity && sql`i.entity = ${entity}`,
    kind && sql`i.kind = ${kind}`,
    text && isNamed(text.trim()),
  ].filter((part) => typeof part === 'object');
  return parts.length > 0 ? sql.join(parts, sql` and `) : sql`true`;
}

function isNamed(text: string) {
  return sql`(i.external_id = ${text}
    or (i.source, i.external_id) in (select b.source, b.external_id from bookings b where b.number = ${text})
    or (i.kind = 'missing_parent'
      and i.details -> 'parents' @> jsonb_build_array(jsonb_build_object('external_id', ${text}::text))))`;
}
