import type { ApplyTarget } from '../db/apply/target.ts';
import type { Db } from '../db/connection.ts';
import { type FoundAt, type FoundRecord, landFound } from '../db/lookups.ts';
import { createCoalescer, createCoalescers, type Turn } from '../jobs/coalescer.ts';
import type { ApplyOne, LandFound } from '../jobs/define-job.ts';
import { isLasting } from '../jobs/is-lasting.ts';
import { answersOf } from './answers-of.ts';

const MOST_RECORDS = 50;

/** How this process lands and applies what look-ups find: one transaction for those of an entity and account that end together. */
export function createLandFound(db: Db, targetOf: (source: string) => ApplyTarget, inTurn: Turn): LandFound {
  const landOne = createCoalescers(({ source, entity, ...at }: FoundAt & { source: string; entity: string }) => {
    const target = targetOf(source);
    const apply = { target, entity: target.entity(entity) };
    return createCoalescer<FoundRecord, ApplyOne>(
      async (found) => {
        const answerTo = answersOf(await land(found));
        return ({ record }) => answerTo(record.externalId);
      },
      { most: MOST_RECORDS, atOnce: 1, inTurn },
    );

    async function land(found: FoundRecord[]) {
      try {
        return await landFound(db, apply, at, found);
      } catch (error) {
        if (!(error instanceof Error && isLasting(error))) throw error;
        // One by one, after all: what cannot be applied then fails alone, and what was found is kept.
        return landFound(db, { ...apply, when: () => false }, at, found);
      }
    }
  });
  return (at, found) => landOne(at, found);
}
