import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../db/connection.ts';
import { jsonText } from '../db/json.ts';
import type { Requeued } from '../db/requeue.ts';
import type { Requeueable } from '../db/requeueable.ts';
import { APPLY_QUEUE } from '../jobs/upsert-record.ts';
import { startWorkers, type Workers } from '../workers/start-workers.ts';
import type { Runtime } from './runtime.ts';

/** How a record stands now. */
export interface Standing {
  scope: string;
  entity: string;
  external_id: string;
  account: string;
  state: string;
  waits_for: string[] | null;
  last_error: string | null;
}

const LOOK_EVERY_MS = 200;
/** Workers that are listed and do nothing: of another database, or of a process that has died. */
const STILLNESS_MS = 5000;
const STOPPING_MS = 10_000;

/**
 * Follows the runs until each has closed and every look-up is answered. Where no worker is listening, this process works
 * itself meanwhile. False when the time was up, or the operator did not want to wait any longer.
 */
export async function waitForRequeue(
  runtime: Runtime,
  records: readonly Requeueable[],
  requeued: Requeued,
  timeoutMs: number,
): Promise<boolean> {
  const { context, queues, connection } = runtime;
  const patience = new AbortController();
  const stop = () => patience.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  let workers: Workers | undefined;
  try {
    const startedAt = Date.now();
    let movedAt = startedAt;
    let before = '';
    let wasDone = false;
    const listening = await queues.queue(APPLY_QUEUE).getWorkersCount();
    while (!patience.signal.aborted && Date.now() - startedAt < timeoutMs) {
      const { done, picture } = await look(connection.db, records, requeued);
      // Twice in a row: between a look-up's answer and the release of what waited for it there is a moment.
      if (done && wasDone) return true;
      wasDone = done;
      if (picture !== before) movedAt = Date.now();
      before = picture;
      if (!workers && (listening === 0 || Date.now() - movedAt > STILLNESS_MS)) workers = await startWorkers(context);
      await wait(LOOK_EVERY_MS, undefined, { signal: patience.signal }).catch(() => {});
    }
    return false;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await workers?.stop(STOPPING_MS);
  }
}

async function look(db: Db, records: readonly Requeueable[], { runs }: Requeued) {
  const { rows } = await sql<{ status: string; heartbeat_at: Date }>`
    select status, heartbeat_at from sync_log where id = any(${runs.map((run) => run.id)}::uuid[]) order by id`.execute(
    db,
  );
  const lookups = records.filter((record) => record.is_lookup || record.state === 'gone');
  const standings = await readStandings(db, lookups);
  const searching = standings.filter(
    ({ state, last_error: error }) => state === 'pending' || (state === 'listed' && error === null),
  );
  const released = lookups.length > 0 ? await countReleased(db, lookups[0]!.source) : 0;
  const done = rows.every((run) => run.status !== 'running') && searching.length === 0 && released === 0;
  return { done, picture: JSON.stringify([rows, searching.length, released]) };
}

/** Records that waited for a look-up and are applied outside of any run. */
async function countReleased(db: Db, source: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from source_records where due_at is not null and state = 'pending' and source = ${source}`.execute(
    db,
  );
  return rows[0]!.n;
}

export async function readStandings(
  db: Db,
  records: readonly Pick<Requeueable, 'source' | 'scope' | 'entity' | 'external_id'>[],
): Promise<Standing[]> {
  const keys = records.map(({ source, scope, entity, external_id }) => ({ source, scope, entity, external_id }));
  const { rows } = await sql<Standing>`
    select s.scope, s.entity, s.external_id, s.account, s.state, s.waits_for, s.last_error from source_records s
    join json_to_recordset(${jsonText(keys)}::json) as k (source text, scope text, entity text, external_id text)
      using (source, scope, entity, external_id)`.execute(db);
  return rows;
}
