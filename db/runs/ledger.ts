import { type RawBuilder, sql } from 'kysely';
import type { Trx } from '../transaction.ts';
import { last } from '../wait-less.ts';

/**
 * The ledger of a run: counters of `sync_log`, moved in the same transaction as the records they count, so that
 * fetched = inserted + updated + unchanged + stale + parked + quarantined + pending holds at every commit.
 */
const COUNTERS = [
  'fetched',
  'inserted',
  'updated',
  'unchanged',
  'stale',
  'parked',
  'quarantined',
  'pending',
  'fanned_out',
  'deleted',
  'requests',
  'pages_open',
  'pages_done',
  'pages_failed',
] as const;

export type Counter = (typeof COUNTERS)[number];
export type RunDeltas = Partial<Record<Counter, number>>;

export interface RunState {
  id: string;
  status: string;
  /** Nothing left to fetch or apply: `close-run` may look at it. */
  settled: boolean;
}

/** Adds to the counters of several runs. Always in id order, at the end of a transaction: no deadlock, short locks. */
export function addToRuns(trx: Trx, changes: ReadonlyMap<string, RunDeltas>): Promise<RunState[]> {
  return addInOrder(trx, changes, false);
}

/**
 * Like `addToRuns`, as the end of the transaction: it is committed with the last statement, so that nobody waits for this
 * process at the hottest rows. Nothing may follow, and no error may take it back.
 */
export function endWithRuns(trx: Trx, changes: ReadonlyMap<string, RunDeltas>): Promise<RunState[]> {
  return addInOrder(trx, changes, true);
}

async function addInOrder(trx: Trx, changes: ReadonlyMap<string, RunDeltas>, ends: boolean): Promise<RunState[]> {
  const states: RunState[] = [];
  const ordered = [...changes].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const change of ordered) {
    const begin = ends && change === ordered.at(-1) ? last : sql``;
    const { rows } = await sql<RunState>`${begin}${additionTo(...change)}`.execute(trx);
    states.push(...rows);
  }
  return states;
}

function additionTo(id: string, deltas: RunDeltas): RawBuilder<RunState> {
  const sets = COUNTERS.filter((counter) => deltas[counter]).map(
    (counter): RawBuilder<unknown> => sql`${sql.ref(counter)} = ${sql.ref(counter)} + ${deltas[counter]}`,
  );
  // A run that closed while records were still parked turns green when the last of them has healed.
  const left = (counter: Counter) => sql`${sql.ref(counter)} + ${deltas[counter] ?? 0} = 0`;
  sets.push(sql`status = case when status = 'partial' and error is null and pages_failed = 0
    and ${left('parked')} and ${left('pending')} and ${left('quarantined')} then 'succeeded' else status end`);
  return sql<RunState>`update sync_log set ${sql.join([...sets, sql`heartbeat_at = clock_timestamp()`])} where id = ${id}::uuid
    returning id, status, status = 'running' and pages_open = 0 and pending = 0 as settled`;
}

/** Sums deltas per run, on top of those given. */
export function tally(changes = new Map<string, RunDeltas>()): {
  add(runId: string | null, deltas: RunDeltas): void;
  addAll(others: ReadonlyMap<string, RunDeltas>): void;
  changes: Map<string, RunDeltas>;
} {
  function add(runId: string | null, deltas: RunDeltas): void {
    if (!runId) return;
    const sum = changes.get(runId) ?? {};
    for (const [counter, by] of Object.entries(deltas) as [Counter, number][]) sum[counter] = (sum[counter] ?? 0) + by;
    changes.set(runId, sum);
  }
  return {
    changes,
    add,
    addAll(others) {
      for (const [runId, deltas] of others) add(runId, deltas);
    },
  };
}
