import { sql } from 'kysely';
import type { RecordKey } from '../record-key.ts';
import type { Trx } from '../transaction.ts';
import type { PendingRecord } from './settle.ts';

/** The records that are still to be applied, locked in id order; what somebody else has applied meanwhile is not among them. */
export async function lockPending(
  trx: Trx,
  { source, scope, entity }: Omit<RecordKey, 'externalId'>,
  externalIds: readonly string[],
): Promise<PendingRecord[]> {
  const { rows } = await sql<PendingRecord>`
    select external_id, account, payload, run_id, waits_for, is_partial from source_records
    where source = ${source} and scope = ${scope} and entity = ${entity} and external_id = any(${externalIds}::text[])
      and state = 'pending'
    order by external_id for update`.execute(trx);
  return rows;
}
