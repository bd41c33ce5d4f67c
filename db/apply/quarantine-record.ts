import type { Db } from '../connection.ts';
import type { RecordKey } from '../record-key.ts';
import { endWithRuns, type RunState } from '../runs/ledger.ts';
import { transaction } from '../transaction.ts';
import { lockPending } from './lock-pending.ts';
import { settle } from './settle.ts';

/** Sets a landed record aside that could not be applied for a reason outside the record's own rules. */
export async function quarantineRecord(db: Db, key: RecordKey, reason: string): Promise<RunState[]> {
  return transaction(db, async (trx) => {
    const records = await lockPending(trx, key, [key.externalId]);
    const problems = [{ field: '(record)', found: 'a fault', rule: reason }];
    const outcomes = new Map(
      records.map((record) => [record.external_id, { state: 'quarantined' as const, problems }]),
    );
    return endWithRuns(trx, await settle(trx, key, records, outcomes));
  });
}
