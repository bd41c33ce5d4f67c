import type { PackedPayload } from '../packed-payload.ts';
import { endWithRuns, type RunDeltas, type RunState } from '../runs/ledger.ts';
import type { Trx } from '../transaction.ts';
import { findSettled } from './find-settled.ts';
import { type LandedRow, writeChanged } from './write-changed.ts';

export interface IncomingRecord extends PackedPayload {
  externalId: string;
  /** The vendor's own version, or null; then fetch time decides which of two payloads is newer. */
  version: string | null;
  /** Where it lies; see `RecordSet`. */
  place?: string | null;
}

export interface Landing {
  source: string;
  scope: string;
  entity: string;
  account: string;
  /** The run whose ledger the records count in; null for a record read outside a run. */
  runId: string | null;
  /** Database clock before the request went out. */
  fetchedAt: Date;
  /** A copy inside another record: never overwrites the record itself. */
  partial?: boolean;
  /** Land also what has not changed, so that it is applied again. */
  force?: boolean;
  records: IncomingRecord[];
  /** Counted in the run together with the records. */
  progress?: RunDeltas;
}

export interface LandedRecord extends PackedPayload {
  externalId: string;
  version: number;
}

export interface LandingResult {
  fetched: number;
  unchanged: number;
  stale: number;
  /** New or changed: these go on to apply. */
  landed: LandedRecord[];
  /** They are written as applied. */
  applies: boolean;
}

/** Lands records and counts them. */
export async function landRecords(trx: Trx, landing: Landing): Promise<LandingResult & { runs: RunState[] }> {
  const { changes, ...result } = await writeLanding(trx, landing);
  return { ...result, runs: await endWithRuns(trx, changes) };
}

/**
 * Lands the newest raw payloads in `source_records`. An unchanged record costs no write, an older one is
 * refused. A record that another run had not finished with moves to this run's ledger; there it counts as stale.
 * `changes` is for the ledger, which is moved last. `applies`: whether the caller applies so many records in the same
 * transaction; then they are written as applied, and it corrects what is not.
 */
export async function writeLanding(
  trx: Trx,
  landing: Landing,
  applies: (changed: number) => boolean = () => false,
): Promise<LandingResult & { changes: Map<string, RunDeltas> }> {
  const { unique, repeated } = newestOfEach(landing.records);
  const settled = await findSettled(trx, landing, unique);
  const needsNone = new Set([...settled.unchanged, ...settled.stale]);
  const changed = unique.filter((_, at) => !needsNone.has(at));
  const asApplied = applies(changed.length);
  const rows = await writeChanged(trx, landing, changed, asApplied);
  const sent = new Map(changed.map((record) => [record.externalId, record]));
  const landed = rows.map((row) => {
    const { json, hash } = sent.get(row.externalId)!;
    return { ...row, json, hash };
  });
  const fetched = unique.length + repeated;
  const unchanged = repeated + settled.unchanged.length;
  // What a concurrent landing of the same record overtook between the look and the write has a newer payload already.
  const stale = settled.stale.length + changed.length - landed.length;
  const counts = { ...landing.progress, fetched, stale, unchanged };
  return {
    fetched,
    unchanged,
    stale,
    landed,
    applies: asApplied,
    changes: ledgerChanges(landing.runId, counts, landed),
  };
}

function ledgerChanges(runId: string | null, counts: RunDeltas, landed: LandedRow[]): Map<string, RunDeltas> {
  const changes = new Map<string, RunDeltas>();
  if (runId) changes.set(runId, { ...counts, pending: landed.length, fanned_out: landed.length });
  for (const { replaced_run_id: replaced, replaced_state: state } of landed) {
    if (!replaced || (state !== 'pending' && state !== 'parked' && state !== 'listed')) continue;
    const left = state === 'parked' ? 'parked' : 'pending';
    const change = changes.get(replaced) ?? {};
    changes.set(replaced, { ...change, [left]: (change[left] ?? 0) - 1, stale: (change.stale ?? 0) + 1 });
  }
  return changes;
}

/** Two rows with one key in one INSERT … ON CONFLICT fail (21000), and a vendor does repeat rows within a page. */
function newestOfEach(records: IncomingRecord[]): { unique: IncomingRecord[]; repeated: number } {
  const newest = new Map<string, IncomingRecord>();
  for (const record of records) {
    const known = newest.get(record.externalId);
    if (!known || (record.version ?? '') >= (known.version ?? '')) newest.set(record.externalId, record);
  }
  return { unique: [...newest.values()], repeated: records.length - newest.size };
}
