import type { RunRow } from '../db/overview/list-runs.ts';

/** Where a fetched record can be, in the order of the line. */
export const OUTCOMES = ['inserted', 'updated', 'unchanged', 'stale', 'parked', 'quarantined', 'pending'] as const;
export type OutcomeName = (typeof OUTCOMES)[number];

/** The records of a run, each in exactly one place. */
export interface Ledger {
  fetched: number;
  outcomes: { outcome: OutcomeName; records: number }[];
  /** Besides: tombstones. */
  deleted: number;
  /** Whether the outcomes add up to what was fetched. */
  balanced: boolean;
}

export function ledgerOf(run: RunRow): Ledger {
  const outcomes = OUTCOMES.map((outcome) => ({ outcome, records: run[outcome] }));
  const sum = outcomes.reduce((total, { records }) => total + records, 0);
  return { fetched: run.fetched, outcomes, deleted: run.deleted, balanced: sum === run.fetched };
}
