import { sql } from 'kysely';
import { jsonText } from './json.ts';
import type { Trx } from './transaction.ts';

export const ISSUE_KINDS = [
  'missing_parent',
  'invalid_record',
  'rejected',
  'unauthorized',
  'unavailable',
  'delete_brake',
] as const;
export type IssueKind = (typeof ISSUE_KINDS)[number];

export interface NewIssue {
  source: string;
  account: string;
  entity: string;
  /** Null for an issue of a whole listing. */
  externalId: string | null;
  kind: IssueKind;
  /** For the operator. No personal data, no secret. */
  message: string;
  details: Record<string, unknown>;
  runId: string | null;
}

/**
 * Opens issues; one that is open already is told again (message, details, attempts). One that an operator has dismissed stays
 * closed while it says the same of the same payload.
 */
export async function openIssues(trx: Trx, issues: readonly NewIssue[]): Promise<void> {
  if (issues.length === 0) return;
  const rows = issues.map(({ externalId, runId, ...issue }) => ({ ...issue, external_id: externalId, run_id: runId }));
  await sql`
    insert into sync_issues as s (source, account, entity, external_id, kind, message, details, run_id)
    select source, account, entity, external_id, kind, message, details, run_id
    from json_to_recordset(${jsonText(rows)}::json)
      as i (source text, account text, entity text, external_id text, kind text, message text, details jsonb, run_id uuid)
    where external_id is null or not exists (
      select from sync_issues d cross join lateral (select r.payload_hash from source_records r where r.source = d.source
        and r.entity = d.entity and r.external_id = d.external_id and r.scope in ('*', d.account) limit 1) r
      where d.source = i.source and d.entity = i.entity and d.external_id = i.external_id and d.account = i.account
        and d.kind = i.kind and d.message = i.message and d.dismissed_hash = r.payload_hash)
    order by entity, external_id
    on conflict (source, account, entity, coalesce(external_id, ''), kind) where resolved_at is null
    do update set message = excluded.message, details = excluded.details, run_id = coalesce(excluded.run_id, s.run_id),
      attempts = s.attempts + 1
  `.execute(trx);
}

/** Closes the open issues of records that have gone through, of the given kinds. */
export async function resolveIssues(
  trx: Trx,
  {
    source,
    entity,
    scope,
    externalIds,
    kinds,
    resolution,
  }: {
    source: string;
    entity: string;
    /** An account's name limits it to that account. */
    scope: string;
    externalIds: readonly string[];
    kinds: readonly IssueKind[];
    resolution: string;
  },
): Promise<void> {
  if (externalIds.length === 0) return;
  await sql`
    update sync_issues set resolved_at = clock_timestamp(), resolution = ${resolution}
    where resolved_at is null and source = ${source} and entity = ${entity} and external_id = any(${externalIds}::text[])
      and kind = any(${kinds}::text[]) and (${scope} = '*' or account = ${scope})
  `.execute(trx);
}

/** Closes what is open of these records under other accounts: the records have moved, and their issues with them. */
export async function closeElsewhere(
  trx: Trx,
  records: readonly Pick<NewIssue, 'source' | 'account' | 'entity' | 'externalId'>[],
  kinds: readonly IssueKind[],
): Promise<void> {
  if (records.length === 0) return;
  const now = records.map(({ source, account, entity, externalId }) => ({ source, account, entity, id: externalId }));
  await sql`
    update sync_issues i set resolved_at = clock_timestamp(), resolution = 'now of ' || n.account
    from json_to_recordset(${jsonText(now)}::json) as n (source text, account text, entity text, id text)
    where i.resolved_at is null and i.source = n.source and i.entity = n.entity and i.external_id = n.id
      and i.account <> n.account and i.kind = any(${kinds}::text[])
  `.execute(trx);
}
