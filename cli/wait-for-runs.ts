import { setTimeout as wait } from 'node:timers/promises';
import { shellUser } from '../db/audit.ts';
import { databaseNow } from '../db/now.ts';
import { type RunWish, requestRuns, type Wanted } from '../operations/run-now.ts';
import type { Progress } from './progress.ts';
import type { Runtime } from './runtime.ts';
import { type RunRow, readRuns } from './sync-runs.ts';

const LOOK_EVERY_MS = 250;

/** Requests the runs, but those that are paused, and follows them until each has closed, or the signal says to stop looking. */
export async function runAndWait(
  { connection, context }: Runtime,
  wanted: readonly Wanted[],
  wish: RunWish,
  progress: Progress,
  signal: AbortSignal,
): Promise<RunRow[]> {
  const since = await databaseNow(connection.db);
  const { requested: targets } = await requestRuns(context, wanted, wish, { actor: shellUser() });
  for (;;) {
    // A database that restarts is waited for, as the workers do.
    const runs = await readRuns(connection.db, targets, wish, since).catch((error: unknown) => {
      context.log.warn({ err: error }, 'cannot read the runs');
      return undefined;
    });
    if (runs) progress.show(runs);
    const done = runs?.length === targets.length && runs.every((run) => run.status !== 'running');
    if (runs && (done || signal.aborted)) {
      progress.end();
      return runs;
    }
    await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted && !runs) return [];
  }
}
