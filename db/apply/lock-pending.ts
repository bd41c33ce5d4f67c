import { sql } from 'kysely';
import { unpackPayload } from '../packed-payload.ts';
import type { RecordKey } from '../record-key.ts';
import { textArray } from '../text-array.ts';
import type { Trx } from '../transaction.ts';
import type { PendingRecord } from './settle.ts';

/**
 * The records that are still to be applied, locked in id order; what somebody else has applied meanwhile is not among them.
 * `known`: payloads by their hash; such a one is not read back, which is half the cost of reading.
 */
export async function lockPending(
  trx: Trx,
  { source, scope, entity }: Omit<RecordKey, 'externalId'>,
  externalIds: readonly string[],
  known: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<PendingRecord[]> {
  const isKnown = sql`payload_hash = any(${textArray([...known.keys()])}::text[])`;
  const { rows } = await sql<Omit<PendingRecord, 'payload'> & { payload: string; known_hash: string | null }>`
    select external_id, account, case when ${isKnown} then null else payload::text end as payload,
      case when ${isKnown} then payload_hash end as known_hash, run_id, waits_for, is_partial from source_records
    where source = ${source} and scope = ${scope} and entity = ${entity} and external_id = any(${textArray(externalIds)}::text[])
      and state = 'pending'
    order by external_id for update`.execute(trx);
  return rows.map(({ known_hash: hash, payload, ...row }) => ({
    ...row,
    payload: () => (hash === null ? JSON.parse(payload) : unpackPayload(known.get(hash)!)),
  }));
}
