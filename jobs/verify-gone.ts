import { buryNotListed } from '../db/compare/bury-not-listed.ts';
import { type Comparison, type Counts, notListed } from '../db/compare/read-findings.ts';
import { openReadAgain } from '../db/compare/repair.ts';
import { exceeds, releaseBrake } from '../db/deletes/brake.ts';
import { scopeOf } from '../db/record-key.ts';
import { transaction } from '../db/transaction.ts';
import type { EntityDefinition } from '../sources/define-source.ts';
import type { JobContext } from './define-job.ts';
import { followUp } from './follow-up.ts';

/** What becomes of rows that the vendor does not list. */
export type GoneVerdict =
  | { step: 'none' }
  /** The list is not all there is: nothing follows from not standing on it. */
  | { step: 'kept' }
  | { step: 'held'; percent: number }
  /** Read again by id; what the vendor has not got becomes a tombstone. */
  | { step: 'verified'; runId: string; count: number }
  /** Tombstones at once: this vendor cannot be asked for one record. */
  | { step: 'deleted'; count: number };

/**
 * Rows of a complete comparison that the vendor has not listed: where absence means deletion each is read again by its id,
 * unless they are so many that a person has to confirm it.
 */
export async function verifyGone(
  context: JobContext,
  comparison: Comparison,
  entity: EntityDefinition,
  run: Comparison['runs'][number],
  { here, not_listed: candidates }: Pick<Counts, 'here' | 'not_listed'>,
  { confirmDeletes }: { confirmDeletes: boolean },
): Promise<GoneVerdict> {
  const { db, settings } = context;
  if (candidates === 0) return { step: 'none' };
  if (entity.absence !== 'deleted') return { step: 'kept' };
  if (!confirmDeletes && exceeds(settings.deleteBrake, candidates, here))
    return { step: 'held', percent: (100 * candidates) / Math.max(1, here) };
  const { source, entity: name } = comparison;
  const target = { source, account: run.account, entity: name };
  if (confirmDeletes) await transaction(db, (trx) => releaseBrake(trx, target, true));
  if (!entity.one) {
    const { deleted, runs } = await buryNotListed(db, comparison, run, scopeOf(entity, run.account));
    await followUp(context, source, { runs });
    return { step: 'deleted', count: deleted };
  }
  const ids = await notListed(db, comparison, run);
  const opened = await openReadAgain(db, target, ids, { confirmDeletes });
  return opened ? { step: 'verified', ...opened } : { step: 'none' };
}
