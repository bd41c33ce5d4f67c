import { applyRecords } from '../db/apply/apply-records.ts';
import type { ApplyTarget } from '../db/apply/target.ts';
import type { Db } from '../db/connection.ts';
import type { ApplyOne } from '../jobs/define-job.ts';
import { createCoalescer } from './coalescer.ts';

const MOST_RECORDS = 500;
/** Two batches in flight keep the database busy while the other is being mapped here. */
const BATCHES_AT_ONCE = 2;

const NOTHING = { upserts: [], wanted: new Set<string>(), runs: [] };

/** One coalescer per entity and scope; what a batch has made due is handed to its first caller only. */
export function createApplyOne(db: Db, targetOf: (source: string) => ApplyTarget) {
  const coalescers = new Map<string, (externalId: string) => Promise<ApplyOne>>();
  return (source: string, entity: string, scope: string, externalId: string): Promise<ApplyOne> => {
    const name = `${source} ${entity} ${scope}`;
    let coalescer = coalescers.get(name);
    if (!coalescer) {
      const target = targetOf(source);
      coalescer = createCoalescer<string, ApplyOne>(
        async (externalIds) => {
          const { outcomes, ...due } = await applyRecords(db, target, target.entity(entity), scope, externalIds);
          let first: typeof due | undefined = due;
          return (id) => {
            const outcome = outcomes.get(id);
            const answer = { ...(first ?? NOTHING), outcome: wordFor(outcome) };
            first = undefined;
            return answer;
          };
        },
        { most: MOST_RECORDS, atOnce: BATCHES_AT_ONCE },
      );
      coalescers.set(name, coalescer);
    }
    return coalescer(externalId);
  };
}

function wordFor(outcome: { state: string; inserted?: boolean } | undefined): string {
  if (!outcome) return 'already applied';
  if (outcome.state !== 'applied') return outcome.state;
  return outcome.inserted ? 'inserted' : 'updated';
}
