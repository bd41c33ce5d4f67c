import { writeAudit } from '../db/audit.ts';
import { type Paused, pauseOf, readPauses } from '../db/pauses.ts';
import type { RunMode } from '../db/runs/open-run.ts';
import { planSync } from '../jobs/plan-sync.ts';
import type { By, OperationsContext } from './context.ts';
import { chooseTargets, type SyncTarget, type TargetFilter } from './targets.ts';

/** What kind of run is asked for. */
export interface RunWish {
  mode: RunMode;
  /** Deletes are not held by the brake. */
  confirmDeletes?: boolean;
}

/** A target, and the days to read of it, both included, when not everything is asked for. */
export type Wanted = SyncTarget & { period?: { from: string; to: string } };

export interface RunNowReceipt {
  /** A run of each has been asked for; one that is going already is joined. */
  requested: Wanted[];
  /** Not asked for, because they are paused. */
  refused: { target: Wanted; paused: Paused }[];
}

/** Runs now what the filter leaves of the settings: an entity, an account, a source. Throws `UnknownName`. */
export function runNow(
  context: OperationsContext,
  filter: TargetFilter,
  { full = false }: { full?: boolean },
  by: By,
): Promise<RunNowReceipt> {
  const targets = chooseTargets(context.settings, context.sources, filter);
  return requestRuns(context, targets, { mode: full ? 'full' : 'incremental' }, by);
}

/** Asks for a run of each target that is not paused. Whether somebody works on it is the caller's business. */
export async function requestRuns(
  context: OperationsContext,
  targets: readonly Wanted[],
  wish: RunWish,
  { actor, reason = null }: By,
): Promise<RunNowReceipt> {
  const { db, enqueue } = context;
  const { requested, refused } = await sortOutPaused(context, targets);
  if (requested.length > 0) {
    await writeAudit(db, {
      actor,
      action: 'run',
      target: [...new Set(requested.map(({ source, account }) => `${source}/${account}`))].join(', '),
      details: { ...wish, entities: [...new Set(requested.map(({ entity }) => entity))], reason },
    });
    await enqueue(
      planSync,
      requested.map((target) => ({ ...target, ...wish, trigger: 'manual' as const })),
    );
  }
  return { requested, refused };
}

export async function sortOutPaused(
  { db }: Pick<OperationsContext, 'db'>,
  targets: readonly Wanted[],
): Promise<RunNowReceipt> {
  const pauses = await readPauses(db);
  const receipt: RunNowReceipt = { requested: [], refused: [] };
  for (const target of targets) {
    const paused = pauseOf(pauses, target);
    if (paused) receipt.refused.push({ target, paused });
    else receipt.requested.push(target);
  }
  return receipt;
}
