import { sql } from 'kysely';
import { lookedAfter } from '../looked-after.ts';
import { prepared } from '../prepared.ts';
import { textArray } from '../text-array.ts';
import type { Trx } from '../transaction.ts';
import type { IncomingRecord, Landing } from './land-records.ts';

export interface LandedRow {
  externalId: string;
  version: number;
  /** The run that had landed it before, and how far it had come there. */
  replaced_run_id: string | null;
  replaced_state: string | null;
}

/**
 * The landing, in one statement. The conditions stand twice, here and in `findSettled`: between the look and the write another
 * process may have landed the same record. Such a one is not among those that are answered with.
 */
export async function writeChanged(
  trx: Trx,
  landing: Landing,
  changed: readonly IncomingRecord[],
  applies: boolean,
): Promise<LandedRow[]> {
  if (changed.length === 0) return [];
  const { source, scope, entity, account, runId, fetchedAt, partial = false } = landing;
  const { rows } = await sql<{ landed: LandedRow[] }>`
    ${prepared(changed.length)}with landed as (
      insert into source_records as s (source, scope, entity, external_id, account, payload, payload_hash, source_version,
        fetched_at, run_id, state, applied_at, attempts, is_partial, place, due_at)
      select ${source}, ${scope}, ${entity}, external_id, ${account}, payload::jsonb, payload_hash, source_version,
        ${fetchedAt}, ${runId}::uuid, case when ${applies} then 'applied' else 'pending' end,
        case when ${applies} then clock_timestamp() end, ${applies ? 1 : 0}, ${partial}, place,
        case when ${runId}::uuid is null and not ${applies} then ${lookedAfter} end
      from unnest(
        ${textArray(changed.map(({ externalId }) => externalId))}::text[], ${textArray(changed.map(({ json }) => json))}::text[],
        ${textArray(changed.map(({ hash }) => hash))}::text[], ${textArray(changed.map(({ version }) => version))}::text[],
        ${textArray(changed.map(({ place = null }) => place))}::text[]
      ) as i (external_id, payload, payload_hash, source_version, place)
      order by external_id
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
    select coalesce(json_agg(json_build_object('externalId', external_id, 'version', version,
      'replaced_run_id', replaced_run_id, 'replaced_state', replaced_state)), '[]') as landed from landed
  `.execute(trx);
  return rows[0]!.landed;
}
