import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Db } from '../../db/connection.ts';
import type { Run } from './system.ts';

/** Every record that a run fetched is in exactly one place of its ledger, and none is left to do. */
export function expectBalanced(runs: readonly Run[]): void {
  for (const run of runs) {
    const { inserted, updated, unchanged, stale, parked, quarantined } = run;
    expect(
      { fetched: run.fetched, pending: run.pending },
      `ledger of ${run.entity} of ${run.account}: ${JSON.stringify(run)}`,
    ).toEqual({ fetched: inserted + updated + unchanged + stale + parked + quarantined, pending: 0 });
  }
}

const WRITTEN = [
  'clients',
  'cars',
  'rooms',
  'bookings',
  'departments',
  'stores',
  'categories',
  'product_groups',
  'products',
  'product_modifiers',
  'receipts',
  'receipt_items',
  'receipt_payments',
  'source_records',
  'external_refs',
  'sync_issues',
];

/**
 * Where every row lies and which transaction wrote it: two equal snapshots mean that nothing was inserted, updated or
 * deleted in between.
 */
export async function rowVersions(db: Db): Promise<Record<string, string[]>> {
  const tables = await Promise.all(
    WRITTEN.map(async (table) => {
      const { rows } = await sql<{
        at: string;
      }>`select ctid::text || ' ' || xmin::text as at from ${sql.table(table)}`.execute(db);
      return [table, rows.map((row) => row.at).sort()] as const;
    }),
  );
  return Object.fromEntries(tables);
}

/** Nobody waits any more for something that has come or is known to be gone, and whoever lacks a parent has an issue. */
export async function expectNobodyForgotten(db: Db): Promise<void> {
  const { rows } = await sql`
    select state, entity, external_id, waits_for from source_records where state in ('pending', 'parked', 'listed')`.execute(
    db,
  );
  expect(rows).toEqual([]);
}
