import { sql } from 'kysely';
import { landedOf } from '../landed-of.ts';
import { prepared } from '../prepared.ts';
import { textArray } from '../text-array.ts';
import type { Trx } from '../transaction.ts';
import type { IncomingRecord, Landing } from './land-records.ts';

/** Of the records of a landing, by their places in it: those that need no write. */
export interface Settled {
  /** As they were, or known more fully, or kept out by an operator. */
  unchanged: number[];
  /** Older than what is here. */
  stale: number[];
}

/**
 * Looks at what has landed before anything is written, by hash and version alone: a listing that has not changed sends no
 * payload to the database.
 */
export async function findSettled(
  trx: Trx,
  { source, scope, entity, runId, fetchedAt, partial = false, force = false }: Landing,
  records: readonly IncomingRecord[],
): Promise<Settled> {
  if (records.length === 0) return { unchanged: [], stale: [] };
  const known = sql`s.state not in ('listed', 'gone')`;
  const older = sql`${known} and (not s.is_partial or ${partial}) and case
    when s.source_version is not null and i.source_version is not null then i.source_version < s.source_version
    else ${fetchedAt}::timestamptz < s.fetched_at end`;
  const fullerIsHere = sql`${known} and ${partial} and not s.is_partial`;
  const same = sql`s.payload_hash = i.payload_hash and s.deleted_at is null and not ${force} and (s.state in ('applied', 'pending')
    or (s.state in ('parked', 'quarantined') and s.run_id is not distinct from ${runId}::uuid))`;
  const { rows } = await sql<Settled>`
    ${prepared(records.length)}with looked as (
      select i.at, case when k.external_id is not null or ${fullerIsHere} or ${same} then 'unchanged' when ${older} then 'stale' end as settled
      from unnest(${textArray(records.map(({ externalId }) => externalId))}::text[], ${textArray(records.map(({ hash }) => hash))}::text[],
        ${textArray(records.map(({ version }) => version))}::text[]) with ordinality as i (external_id, payload_hash, source_version, at)
      left join lateral ${landedOf({ source, scope, entity }, 'i')} s on true
      left join kept_out k on k.source = ${source} and k.scope = ${scope} and k.entity = ${entity} and k.external_id = i.external_id
    )
    select coalesce(json_agg(at - 1) filter (where settled = 'unchanged'), '[]') as unchanged,
      coalesce(json_agg(at - 1) filter (where settled = 'stale'), '[]') as stale
    from looked where settled is not null`.execute(trx);
  return rows[0]!;
}
