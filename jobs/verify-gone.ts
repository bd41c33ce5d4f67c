import { type Comparison, type Counts, notListed } from '../db/compare/read-findings.ts';
import { openReadAgain } from '../db/compare/repair.ts';
import type { EntityDefinition } from '../sources/define-source.ts';
import type { JobContext } from './define-job.ts';

/** What becomes of rows that the vendor does not list. */
export type GoneVerdict =
  | { step: 'none' }
  /** The list is not all there is: nothing follows from not standing on it. */
  | { step: 'kept' }
  | { step: 'held'; percent: number }
  /** Read again by id; what the vendor has not got becomes a tombstone. */
  | { step: 'verified'; runId: string; count: number };

/**
 * Rows of a complete comparison that the vendor has not listed: where absence means deletion each is read again by its id,
 * unless they are so many that a person has to confirm it.
 */
export async function verifyGone(
  { db, settings }: Pick<JobContext, 'db' | 'settings'>,
  comparison: Comparison,
  entity: EntityDefinition,
  run: Comparison['runs'][number],
  { here, not_listed: candidates }: Pick<Counts, 'here' | 'not_listed'>,
  { confirmDeletes }: { confirmDeletes: boolean },
): Promise<GoneVerdict> {
  if (candidates === 0) return { step: 'none' };
  if (entity.absence !== 'deleted' || !entity.one) return { step: 'kept' };
  const { percent: most, rows } = settings.deleteBrake;
  const percent = (100 * candidates) / Math.max(1, here);
  if (!confirmDeletes && percent > most && candidates > rows) return { step: 'held', percent };
  const { source, entity: name } = comparison;
  const opened = await openReadAgain(
    db,
    { source, account: run.account, entity: name },
    await notListed(db, comparison, run),
  );
  return opened ? { step: 'verified', ...opened } : { step: 'none' };
}
