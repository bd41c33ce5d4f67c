import { sql } from 'kysely';
import { landedOf } from '../landed-of.ts';
import { lookedAfter } from '../looked-after.ts';
import { textArray } from '../text-array.ts';
import type { Trx } from '../transaction.ts';
import type { IncomingRecord, Landing } from './land-records.ts';

export interface HashedRecord extends IncomingRecord {
  /** The payload as JSON text in UTF-8, and its hash. */
  json: Uint8Array;
  hash: string;
}

export interface LandedRow {
  externalId: string;
  version: number;
  /** The run that had landed it before, and how far it had come there. */
  replaced_run_id: string | null;
  replaced_state: string | null;
}

/**
 * The landing, in one statement: decides for each record whether it is new, changed, unchanged or older than what is here,
 * and writes the first two. The conditions stand twice, for the look and for the write: between them another process may
 * have landed the same record.
 */
export async function writeChanged(
  trx: Trx,
  landing: Landing,
  changed: readonly HashedRecord[],
  applies: boolean,
): Promise<{ stale: number; unchanged: number; landed: LandedRow[] }> {
  const { source, scope, entity, account, runId, fetchedAt } = landing;
  const partial = landing.partial ?? false;
  const force = landing.force ?? false;

  const older = sql`(not s.is_partial or ${partial}) and s.state not in ('listed', 'gone') and case
    when s.source_version is not null and i.source_version is not null then i.source_version < s.source_version
    else ${fetchedAt}::timestamptz < s.fetched_at end`;
  const fullerIsHere = sql`${partial} and not s.is_partial and s.state not in ('listed', 'gone')`;
  const same = sql`s.payload_hash = i.payload_hash and s.deleted_at is null and not ${force} and (s.state in ('applied', 'pending')
    or (s.state in ('parked', 'quarantined') and s.run_id is not distinct from ${runId}::uuid))`;

  const result = await sql<{ stale: number; unchanged: number; landed: LandedRow[] }>`
    with i as (
      select external_id, payload::jsonb as payload, payload_hash, source_version, place from unnest(
        ${textArray(changed.map((record) => record.externalId))}::text[], ${textArray(changed.map((record) => record.json))}::text[],
        ${textArray(changed.map((record) => record.hash))}::text[], ${textArray(changed.map((record) => record.version))}::text[],
        ${textArray(changed.map(({ place = null }) => place))}::text[]
      ) as i (external_id, payload, payload_hash, source_version, place)
    ), decided as (
      select i.*, case
        when s.external_id is null then 'land'
        when ${fullerIsHere} then 'unchanged'
        when ${same} then 'unchanged'
        when ${older} then 'stale'
        else 'land' end as decision
      from i left join lateral ${landedOf({ source, scope, entity }, 'i')} s on true
    ), landed as (
      insert into source_records as s (source, scope, entity, external_id, account, payload, payload_hash, source_version,
        fetched_at, run_id, state, applied_at, attempts, is_partial, place, due_at)
      select ${source}, ${scope}, ${entity}, external_id, ${account}, payload, payload_hash, source_version,
        ${fetchedAt}, ${runId}::uuid, case when ${applies} then 'applied' else 'pending' end,
        case when ${applies} then clock_timestamp() end, ${applies ? 1 : 0}, ${partial}, place,
        case when ${runId}::uuid is null and not ${applies} then ${lookedAfter} end
      from decided where decision = 'land' order by external_id
      on conflict (source, scope, entity, external_id) do update set
        account = excluded.account, payload = excluded.payload, payload_hash = excluded.payload_hash,
        source_version = excluded.source_version, fetched_at = excluded.fetched_at, run_id = excluded.run_id,
        state = excluded.state, applied_at = coalesce(excluded.applied_at, s.applied_at), is_partial = excluded.is_partial,
        place = excluded.place, due_at = excluded.due_at, version = s.version + 1, attempts = excluded.attempts, last_error = null, waits_for = null, deleted_at = null,
        replaced_run_id = s.run_id,
        replaced_state = case when s.state = 'listed' and s.trail is not null then null else s.state end
      where s.state in ('listed', 'gone') or (s.is_partial and not excluded.is_partial)
        or (s.is_partial or not excluded.is_partial) and case
          when s.source_version is not null and excluded.source_version is not null
            then excluded.source_version >= s.source_version
          else excluded.fetched_at >= s.fetched_at end
      returning external_id, version, replaced_run_id, replaced_state
    )
    select
      (select count(*)::int from decided where decision = 'stale') as stale,
      (select count(*)::int from decided where decision = 'unchanged') as unchanged,
      coalesce((select json_agg(json_build_object('externalId', external_id, 'version', version,
        'replaced_run_id', replaced_run_id, 'replaced_state', replaced_state)) from landed), '[]') as landed
  `.execute(trx);

  return result.rows[0]!;
}
