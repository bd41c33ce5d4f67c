import { sql } from 'kysely';
import type { Account, EntityDefinition, InHouse } from '../../sources/define-source.ts';
import { applyLanding } from '../apply/apply-landing.ts';
import { type Applied, releaseWaitersOf } from '../apply/apply-records.ts';
import type { ApplyTarget } from '../apply/target.ts';
import { askDatabase } from '../ask-database.ts';
import type { Db } from '../connection.ts';
import { buryRecords } from '../deletes/bury-records.ts';
import { packPayload } from '../packed-payload.ts';
import { scopeOf } from '../record-key.ts';
import { endWithRuns, type RunState, tally } from '../runs/ledger.ts';
import { repeatable, type Trx } from '../transaction.ts';

export interface Outbox extends Pick<InHouse, 'outbox'> {
  account: Account;
  /** Of the source, parents first. */
  entities: readonly EntityDefinition[];
}

export interface CarriedBatch extends Omit<Applied, 'outcomes'> {
  /** Rows of the outbox that are done with. */
  carried: number;
  landed: number;
  deleted: number;
  /** Last row of a full batch: the next one goes on after it. */
  next: string | undefined;
  runs: RunState[];
}

interface OutboxRow {
  id: string;
  entity: string;
  external_id: string;
}

const ROWS_A_BATCH = 500;

/**
 * Carries the oldest rows of an outbox, those after row `after`, into the mirror: the records as they are now are landed and applied, those that are
 * gone get a tombstone, and the rows go, all in one transaction. Who dies before its commit has done nothing. One batch at a
 * time over all processes, in the order of the rows.
 */
export async function carryBatch(db: Db, target: ApplyTarget, box: Outbox, after = '0'): Promise<CarriedBatch> {
  const table = sql.raw(box.outbox);
  const { parts, ...batch } = await repeatable(db, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`outbox ${target.source}`}, 0))`.execute(trx);
    const { rows } = await sql<OutboxRow>`select id, entity, external_id from ${table}
      where id > ${after}::bigint order by id limit ${ROWS_A_BATCH}`.execute(trx);
    const busy = await entitiesBeingRead(trx, target.source);
    const now = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(trx);
    const ledger = tally();
    const parts: CarriedPart[] = [];
    for (const entity of box.entities) {
      const ids = [...new Set(rows.filter((row) => row.entity === entity.name).map((row) => row.external_id))];
      if (ids.length > 0)
        parts.push(await carryEntity(trx, target, box.account, entity, ids, now.rows[0]!.now, ledger));
    }
    const buried = new Set(parts.flatMap(({ entity, gone }) => gone.map((id) => `${entity.name} ${id}`)));
    // A page that was read before the record went may still be on its way, and would bring it back: buried again till then.
    const done = rows.filter((row) => !(busy.has(row.entity) && buried.has(`${row.entity} ${row.external_id}`)));
    await sql`delete from ${table} where id = any(${done.map((row) => row.id)}::bigint[])`.execute(trx);
    const next = rows.length === ROWS_A_BATCH ? rows.at(-1)?.id : undefined;
    const deleted = parts.reduce((sum, part) => sum + part.deleted, 0);
    const landed = parts.reduce((sum, part) => sum + part.landed, 0);
    return { parts, carried: done.length, landed, deleted, next, runs: await endWithRuns(trx, ledger.changes) };
  });
  const upserts: Applied['upserts'] = [];
  const wanted = new Set<string>();
  for (const { entity, applied } of parts) {
    await releaseWaitersOf(db, target, entity, scopeOf(entity, box.account.name), applied);
    upserts.push(...applied.upserts);
    for (const name of applied.wanted) wanted.add(name);
  }
  return { ...batch, upserts, wanted };
}

interface CarriedPart {
  entity: EntityDefinition;
  applied: Applied;
  gone: string[];
  landed: number;
  deleted: number;
}

async function carryEntity(
  trx: Trx,
  target: ApplyTarget,
  account: Account,
  entity: EntityDefinition,
  ids: readonly string[],
  now: Date,
  ledger: ReturnType<typeof tally>,
): Promise<CarriedPart> {
  const { source } = target;
  const scope = scopeOf(entity, account.name);
  const key = { source, scope, entity: entity.name };
  const found = (await entity.readInHouse?.(askDatabase(trx), ids)) ?? [];
  const records = found.map((record) => ({
    externalId: entity.key(record) ?? '',
    ...packPayload(record),
    version: entity.version?.(record) ?? null,
  }));
  const landing = { ...key, account: account.name, runId: null, fetchedAt: now, records };
  const { result, applied, changes } = await applyLanding(trx, landing, { target, entity });
  ledger.addAll(changes);
  const here = new Set(records.map(({ externalId }) => externalId));
  const gone = ids.filter((id) => !here.has(id));
  const buried = await buryRecords(trx, { ...key, table: entity.table, externalIds: gone, asked: now });
  ledger.addAll(buried.changes);
  return { entity, applied, gone, landed: result.landed.length, deleted: buried.deleted };
}

async function entitiesBeingRead(trx: Trx, source: string): Promise<Set<string>> {
  const { rows } = await sql<{ entity: string }>`
    select distinct entity from sync_log where source = ${source} and status = 'running' and pages_open > 0`.execute(
    trx,
  );
  return new Set(rows.map((row) => row.entity));
}

/** Whether an outbox has rows. */
export async function isWaiting(db: Db, outbox: string): Promise<boolean> {
  const { rows } = await sql`select from ${sql.raw(outbox)} limit 1`.execute(db);
  return rows.length > 0;
}
