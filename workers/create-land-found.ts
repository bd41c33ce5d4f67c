import type { ApplyTarget } from '../db/apply/target.ts';
import type { Db } from '../db/connection.ts';
import { type FoundAt, type FoundRecord, landFound } from '../db/lookups.ts';
import { createCoalescer, type Turn } from '../jobs/coalescer.ts';
import type { ApplyOne, LandFound } from '../jobs/define-job.ts';
import { isLasting } from '../jobs/is-lasting.ts';
import { answersOf } from './answers-of.ts';

const MOST_RECORDS = 50;

/** How this process lands and applies what look-ups find: one transaction for those of an entity and account that end together. */
export function createLandFound(db: Db, targetOf: (source: string) => ApplyTarget, inTurn: Turn): LandFound {
  const coalescers = new Map<string, (found: FoundRecord) => Promise<ApplyOne>>();

  function coalesce(source: string, entity: string, at: FoundAt): (found: FoundRecord) => Promise<ApplyOne> {
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
  }

  return ({ source, entity, ...at }, found) => {
    const name = `${source} ${entity} ${at.scope} ${at.account}`;
    const land = coalescers.get(name) ?? coalesce(source, entity, at);
    coalescers.set(name, land);
    return land(found);
  };
}
