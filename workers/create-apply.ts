import { applyRecords } from '../db/apply/apply-records.ts';
import type { ApplyTarget } from '../db/apply/target.ts';
import type { Db } from '../db/connection.ts';
import type { RecordKey } from '../db/record-key.ts';
import { createCoalescer, createCoalescers } from '../jobs/coalescer.ts';
import type { ApplyOne } from '../jobs/define-job.ts';
import { answersOf } from './answers-of.ts';
import { createGate } from './gate.ts';
import { createLandedPayloads } from './landed-payloads.ts';

const MOST_RECORDS = 300;
/**
 * Three batches in flight keep the database busy while the next is being mapped here. More would only stand in each other's
 * way: rows that point at the same parent share its lock.
 */
const BATCHES_AT_ONCE = 3;

/** How this process applies records: one by one through a coalescer per entity and scope, and so many batches at once. */
export function createApply(db: Db, targetOf: (source: string) => ApplyTarget) {
  const inTurn = createGate(BATCHES_AT_ONCE);
  const payloads = createLandedPayloads();
  const applyOne = createCoalescers(({ source, entity, scope }: Omit<RecordKey, 'externalId'>) =>
    createCoalescer<string, ApplyOne>(
      async (externalIds) => {
        const target = targetOf(source);
        const known = payloads.take(externalIds);
        return answersOf(await applyRecords(db, target, target.entity(entity), scope, externalIds, known));
      },
      // Two, so that the next one gathers and is mapped while PostgreSQL writes.
      { most: MOST_RECORDS, atOnce: 2, inTurn },
    ),
  );

  return {
    inTurn,
    keepLanded: payloads.keep,
    applyOne: (source: string, entity: string, scope: string, externalId: string): Promise<ApplyOne> =>
      applyOne({ source, entity, scope }, externalId),
  };
}
