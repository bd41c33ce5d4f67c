import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Progress } from './progress.ts';
import type { Runtime } from './runtime.ts';
import type { RunRow } from './sync-runs.ts';

const LOOK_EVERY_MS = 100;

/** Follows runs by their ids until each has closed, or the signal says to stop looking. In the order of the ids given. */
export async function followRuns(
  { connection, context }: Pick<Runtime, 'connection' | 'context'>,
  ids: readonly string[],
  progress: Progress,
  signal: AbortSignal,
): Promise<RunRow[]> {
  for (;;) {
    // A database that restarts is waited for, as the workers do.
    const runs = await readRuns(connection.db, ids).catch((error: unknown) => {
      context.log.warn({ err: error }, 'cannot read the runs');
      return undefined;
    });
    if (runs) progress.show(runs);
    if (signal.aborted || runs?.every((run) => run.status !== 'running')) {
      progress.end();
      return runs ?? [];
    }
    await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

async function readRuns(db: Runtime['connection']['db'], ids: readonly string[]): Promise<RunRow[]> {
  const { rows } = await sql<RunRow>`select * from sync_log where id = any(${ids}::uuid[])`.execute(db);
  return rows.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
}
