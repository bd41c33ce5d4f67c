import { sql } from 'kysely';
import type { EntityDefinition } from '../../sources/define-source.ts';
import { writeAudit } from '../audit.ts';
import type { Db } from '../connection.ts';
import { deleteExternalRef } from '../external-refs.ts';
import { keepOut, lockKeptOut } from '../kept-out.ts';
import { type RecordKey, recordId, waitName } from '../record-key.ts';
import { endWithRuns, type RunState, tally } from '../runs/ledger.ts';
import { databaseFault, FOREIGN_KEY_VIOLATION } from '../sql-state.ts';
import { type Trx, transaction } from '../transaction.ts';

/** Rows that point at a record, so that it cannot go before them. */
export interface Referrers {
  entity: string;
  count: number;
}

export type Deletion =
  | { deleted: true; had_row: boolean; comes_back: 'when listed' | 'kept out'; version: number; runs: RunState[] }
  | { deleted: false; unknown: true }
  | { deleted: false; unknown: false; referred_by: Referrers[]; waited_for_by: number };

export interface DeleteOrder {
  /** Entities of the source: which of them refer to this one is in their definitions. */
  entities: readonly EntityDefinition[];
  table: string;
  account: string;
  keepOut: boolean;
  actor: string;
}

interface Landing {
  state: string;
  run_id: string | null;
  version: number;
}

/** Somebody has begun to refer to the record since we looked. */
class Referred extends Error {}

/**
 * Removes a record: its row, its ref and its landing, closes its issues and writes down who did it. All in one transaction
 * with the landing locked, so that an apply under way is over before, and a later one finds nothing. Refused while others
 * refer to it or wait for it.
 */
export async function deleteRecord(db: Db, key: RecordKey, order: DeleteOrder): Promise<Deletion> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction(db, (trx) => deleteInTransaction(trx, key, order));
    } catch (error) {
      if (!(error instanceof Referred) || attempt > 1) throw error;
    }
  }
}

async function deleteInTransaction(trx: Trx, key: RecordKey, order: DeleteOrder): Promise<Deletion> {
  const { source, scope, entity, externalId } = key;
  const isRecord = sql`source = ${source} and scope = ${scope} and entity = ${entity} and external_id = ${externalId}`;
  if (order.keepOut) await lockKeptOut(trx);
  const landing =
    await sql<Landing>`select state, run_id, version from source_records where ${isRecord} for update`.execute(trx);
  const id = recordId(key);
  const referredBy = await referrersOf(trx, entity, id, order.entities);
  const waiting = await countWaiting(trx, key);
  if (referredBy.length > 0 || waiting > 0) {
    return { deleted: false, unknown: false, referred_by: referredBy, waited_for_by: waiting };
  }
  const row = await deleteRow(trx, order.table, id);
  const ref = await deleteExternalRef(trx, key);
  await sql`delete from source_records where ${isRecord}`.execute(trx);
  if (!row && landing.rows.length === 0 && !ref) return { deleted: false, unknown: true };
  if (order.keepOut) await keepOut(trx, key, order.actor);
  await sql`update sync_issues set resolved_at = clock_timestamp(), resolution = ${`deleted by ${order.actor}`}
    where resolved_at is null and source = ${source} and entity = ${entity} and external_id = ${externalId}
      and ${scope} in ('*', account)`.execute(trx);
  const { state, run_id: runId, version } = landing.rows[0] ?? { state: null, run_id: null, version: 0 };
  await writeAudit(trx, {
    actor: order.actor,
    action: 'delete',
    target: `${source}/${order.account}/${entity}/${externalId}`,
    details: { state, had_row: row, kept_out: order.keepOut },
  });
  const ledger = tally();
  if (state === 'pending' || state === 'parked') ledger.add(runId, { [state]: -1, stale: 1 });
  const runs = await endWithRuns(trx, ledger.changes);
  return { deleted: true, had_row: row, comes_back: order.keepOut ? 'kept out' : 'when listed', version, runs };
}

async function referrersOf(
  trx: Trx,
  entity: string,
  id: string,
  entities: readonly EntityDefinition[],
): Promise<Referrers[]> {
  const found: Referrers[] = [];
  for (const other of entities) {
    const columns = other.references.filter((reference) => reference.entity === entity).map(({ column }) => column);
    if (columns.length === 0) continue;
    const refers = sql.join(
      columns.map((column) => sql`${sql.ref(column)} = ${id}::uuid`),
      sql` or `,
    );
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from ${sql.table(other.table)} where ${refers}`.execute(trx);
    if (rows[0]!.n > 0) found.push({ entity: other.name, count: rows[0]!.n });
  }
  return found;
}

/** Parked records that wait for this one: without it nobody would look for it any more. */
async function countWaiting(trx: Trx, { source, scope, entity, externalId }: RecordKey): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from source_records where waits_for is not null
      and waits_for @> array[${waitName({ entity, externalId })}] and state = 'parked' and source = ${source}
      and ${scope} in ('*', account)`.execute(trx);
  return rows[0]!.n;
}

async function deleteRow(trx: Trx, table: string, id: string): Promise<boolean> {
  try {
    const { numAffectedRows } = await sql`delete from ${sql.table(table)} where id = ${id}::uuid`.execute(trx);
    return Number(numAffectedRows ?? 0) > 0;
  } catch (error) {
    if (databaseFault(error)?.code !== FOREIGN_KEY_VIOLATION) throw error;
    throw new Referred('another row has come that refers to it', { cause: error });
  }
}
