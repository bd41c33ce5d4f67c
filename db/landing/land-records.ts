import { sql } from 'kysely';
import { jsonText, payloadHash, utf8 } from '../json.ts';
import { landedAlike } from '../landed-of.ts';
import { addToRuns, type RunDeltas, type RunState } from '../runs/ledger.ts';
import { textArray } from '../text-array.ts';
import type { Trx } from '../transaction.ts';
import { type HashedRecord, type LandedRow, writeChanged } from './write-changed.ts';

export interface IncomingRecord {
  externalId: string;
  payload: unknown;
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

export interface LandedRecord {
  externalId: string;
  version: number;
  payload: unknown;
  /** Of the payload as it is stored. */
  hash: string;
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
  return { ...result, runs: await addToRuns(trx, changes) };
}

/**
 * Lands the newest raw payloads in `source_records`, in one statement. An unchanged record costs no write, an older one is
 * refused. A record that another run had not finished with moves to this run's ledger; there it counts as stale.
 * `changes` is for the ledger, which is moved last. `applies`: whether the caller applies so many records in the same
 * transaction; then they are written as applied, and it corrects what is not.
 */
export async function writeLanding(
  trx: Trx,
  landing: Landing,
  applies: (changed: number) => boolean = () => false,
): Promise<LandingResult & { changes: Map<string, RunDeltas> }> {
  const { runId } = landing;
  const { unique, repeated } = newestOfEach(landing.records);
  const changed = await withoutUnchanged(trx, landing, unique);
  const unchangedBefore = unique.length - changed.length;
  const asApplied = applies(changed.length);
  const written =
    changed.length > 0 ? await writeChanged(trx, landing, changed, asApplied) : { stale: 0, unchanged: 0, landed: [] };
  const { stale } = written;
  const sent = new Map(changed.map((record) => [record.externalId, record]));
  const landed = written.landed.map((row) => {
    const { payload, hash } = sent.get(row.externalId)!;
    return { ...row, payload, hash };
  });
  const fetched = unique.length + repeated;
  // What a concurrent landing of the same record overtook between the look and the write has a newer payload already.
  const unchanged = fetched - stale - landed.length;
  const overtaken = unchanged - repeated - unchangedBefore - written.unchanged;
  const counts = { ...landing.progress, fetched, stale: stale + overtaken, unchanged: unchanged - overtaken };
  return { fetched, unchanged, stale, landed, applies: asApplied, changes: ledgerChanges(runId, counts, landed) };
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
function newestOfEach(records: IncomingRecord[]): { unique: HashedRecord[]; repeated: number } {
  const newest = new Map<string, IncomingRecord>();
  for (const record of records) {
    const known = newest.get(record.externalId);
    if (!known || (record.version ?? '') >= (known.version ?? '')) newest.set(record.externalId, record);
  }
  const unique = [...newest.values()].map((record) => {
    const json = utf8(jsonText(record.payload));
    return { ...record, json, hash: payloadHash(json) };
  });
  return { unique, repeated: records.length - unique.length };
}

/**
 * What is here already, by hash alone: a listing that has not changed sends no payload to the database. What an operator
 * keeps out is left alone too.
 */
async function withoutUnchanged(trx: Trx, landing: Landing, records: HashedRecord[]): Promise<HashedRecord[]> {
  const { source, scope, entity, force = false } = landing;
  if (records.length === 0) return records;
  const ids = records.map((record) => record.externalId);
  const { rows } = await sql<{ external_id: string }>`
    select i.external_id from ${landedAlike({ source, scope, entity }, records)}
    where s.state = 'applied' and s.deleted_at is null and not ${force}
    union all
    select external_id from kept_out
    where source = ${source} and scope = ${scope} and entity = ${entity} and external_id = any(${textArray(ids)}::text[])`.execute(
    trx,
  );
  const here = new Set(rows.map((row) => row.external_id));
  return here.size === 0 ? records : records.filter((record) => !here.has(record.externalId));
}
