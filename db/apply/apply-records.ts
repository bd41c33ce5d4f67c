import type { EntityDefinition } from '../../sources/define-source.ts';
import type { Db } from '../connection.ts';
import { writeExternalRefs } from '../external-refs.ts';
import { type RecordKey, waitName } from '../record-key.ts';
import { endWithRuns, type RunDeltas, type RunState } from '../runs/ledger.ts';
import { FOREIGN_KEY_VIOLATION } from '../sql-state.ts';
import { repeatable, type Trx } from '../transaction.ts';
import { lockPending } from './lock-pending.ts';
import { fieldsWithColumn, type Mapped, mapRecord, type ParentRef } from './map-record.ts';
import { type Absent, absentParents, lookAgain } from './parents.ts';
import { releaseWaiters } from './release-waiters.ts';
import { type Outcome, type PendingRecord, settle } from './settle.ts';
import type { ApplyTarget } from './target.ts';
import { writeRows } from './write-rows.ts';

export interface Applied {
  /** By external id. A record that was not pending any more has none: somebody else has applied it. */
  outcomes: Map<string, Outcome>;
  /** Records to be applied next: those that waited for these, and parents that had lost their row. */
  upserts: { key: RecordKey; account: string; version: number }[];
  /** Entities with missing parents to look for. */
  wanted: Set<string>;
}

export type ApplyResult = Applied & { runs: RunState[] };

/**
 * Applies the newest landed payloads of records of one entity and scope to its table: a handful of statements whatever the
 * number of keys. `known`: payloads that need not be read back, by their hash. A record that is invalid, or whose parent is missing, gets an outcome of its own; no other is touched.
 */
export async function applyRecords(
  db: Db,
  target: ApplyTarget,
  entity: EntityDefinition,
  scope: string,
  externalIds: readonly string[],
  known: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<ApplyResult> {
  const result = await repeatable(db, async (trx) => {
    const records = await lockPending(trx, { source: target.source, scope, entity: entity.name }, externalIds, known);
    const { changes, ...applied } = await applyLocked(trx, target, entity, scope, records);
    return { ...applied, runs: await endWithRuns(trx, changes) };
  });
  await releaseWaitersOf(db, target, entity, scope, result);
  return result;
}

/** After the commit: what waited for the applied records goes back into the line, and into `applied.upserts`. */
export async function releaseWaitersOf(
  db: Db,
  target: ApplyTarget,
  entity: EntityDefinition,
  scope: string,
  applied: Applied,
): Promise<void> {
  if (!target.isParent(entity.name)) return;
  const present = [...applied.outcomes].filter(([, outcome]) => outcome.state === 'applied').map(([id]) => id);
  applied.upserts.push(...(await releaseWaiters(db, { source: target.source, scope, entity: entity.name }, present)));
}

/**
 * Applies records whose rows in `source_records` this transaction has locked. `changes` is for the ledger, which is moved
 * last. For `landedApplied` see `settle`.
 */
export async function applyLocked(
  trx: Trx,
  target: ApplyTarget,
  entity: EntityDefinition,
  scope: string,
  records: readonly PendingRecord[],
  options: { landedApplied?: boolean } = {},
): Promise<Applied & { changes: Map<string, RunDeltas> }> {
  const { source } = target;
  const outcomes = new Map<string, Outcome>();
  const valid: { record: PendingRecord; mapped: Exclude<Mapped, { problems: unknown }> }[] = [];
  for (const record of records) {
    const mapped = mapRecord(source, entity, target.account(record.account), record.external_id, record.payload());
    if ('problems' in mapped) outcomes.set(record.external_id, { state: 'quarantined', problems: mapped.problems });
    else valid.push({ record, mapped });
  }

  // An entity may refer to itself: what stands in the same batch needs no look-up, whatever its place there.
  const own = new Set(valid.map(({ mapped }) => mapped.row.id));
  const parents = valid.flatMap(({ record, mapped }) =>
    mapped.parents
      .filter((parent) => !own.has(parent.id))
      .map((parent) => ({ ...parent, account: record.account, runId: record.run_id })),
  );
  const { absent, reapply, wanted } = await absentParents(trx, target, parents);
  parkDescendants(valid, absent);

  const ready: typeof valid = [];
  for (const candidate of valid) {
    const waits = candidate.mapped.parents.filter((parent) => absent.get(parent.id)?.gone === false);
    if (waits.length > 0) outcomes.set(candidate.record.external_id, parked(waits));
    else ready.push(candidate);
    for (const parent of candidate.mapped.parents)
      if (absent.get(parent.id)?.gone) candidate.mapped.row[parent.column] = null;
  }

  const written = await writeRows(
    trx,
    { table: entity.table, source, scope, entity: entity.name, fieldsWithColumn: fieldsWithColumn(entity) },
    ready.map(({ mapped }) => mapped.row),
  );
  for (const { record, mapped } of ready) {
    const answer = written.get(mapped.row.id);
    if (!answer)
      throw new Error(`${entity.table}: a row was written but not returned; a trigger or rule is in the way.`);
    if ('inserted' in answer) {
      outcomes.set(record.external_id, {
        state: 'applied',
        inserted: answer.inserted,
        gone: goneParents(mapped.parents, absent),
      });
      continue;
    }
    const broken =
      answer.fault.code === FOREIGN_KEY_VIOLATION &&
      mapped.parents.find((p) => isConstraintOf(entity, p, answer.fault.constraint));
    if (broken) {
      // The parent was deleted between the look and the write.
      const late = await absentParents(trx, target, [{ ...broken, account: record.account, runId: record.run_id }]);
      reapply.push(...late.reapply);
      for (const name of late.wanted) wanted.add(name);
      outcomes.set(record.external_id, parked([broken]));
    } else {
      outcomes.set(record.external_id, { state: 'quarantined', problems: [faultProblem(answer.fault)] });
    }
  }

  const rows = ready
    .map(({ mapped }) => mapped.row)
    .filter((row) => written.get(row.id) && 'inserted' in written.get(row.id)!);
  await writeExternalRefs(trx, { source, scope, entity: entity.name }, rows);
  const changes = await settle(trx, { source, scope, entity: entity.name }, records, outcomes, options);
  for (const { external_id: externalId, is_partial } of records) {
    if (!is_partial || !entity.one || outcomes.get(externalId)?.state !== 'quarantined') continue;
    // A copy inside another record that is no good: the record itself may be.
    await lookAgain(trx, { source, scope, entity: entity.name, externalId });
    wanted.add(entity.name);
  }
  return { outcomes, upserts: reapply, wanted, changes };
}

/** Who refers to a record of the same batch that has to wait waits for it. A circle waits for nobody and is written at once. */
function parkDescendants(
  valid: readonly { mapped: Exclude<Mapped, { problems: unknown }> }[],
  absent: Map<string, Absent>,
) {
  for (let before = -1; before !== absent.size; ) {
    before = absent.size;
    for (const { mapped } of valid) {
      const waits = mapped.parents.some((parent) => absent.get(parent.id)?.gone === false);
      if (waits && !absent.has(mapped.row.id)) absent.set(mapped.row.id, { gone: false });
    }
  }
}

function parked(waits: readonly ParentRef[]): Outcome {
  return { state: 'parked', waitsFor: waits.map((parent) => waitName(parent.key)) };
}

function goneParents(parents: readonly ParentRef[], absent: ReadonlyMap<string, Absent>) {
  return parents.flatMap((parent) => {
    const state = absent.get(parent.id);
    return state?.gone ? [{ key: parent.key, trail: state.trail }] : [];
  });
}

/** PostgreSQL's default name of a foreign key, which our migrations keep. */
function isConstraintOf(entity: EntityDefinition, parent: ParentRef, constraint: string | undefined): boolean {
  return constraint === `${entity.table}_${parent.column}_fkey`;
}

function faultProblem({
  code,
  column,
  constraint,
  message,
}: {
  code: string;
  column?: string;
  constraint?: string;
  message: string;
}) {
  const where = column ?? constraint;
  // The message of a data fault quotes the value; the constraint or the class of the fault says enough.
  return {
    field: where ?? '(record)',
    found: `SQLSTATE ${code}`,
    rule: constraint ? `violates ${constraint}` : ruleOf(code, message),
  };
}

function ruleOf(code: string, message: string): string {
  return message.replace(/(["'«]).*?(["'»])|: .*$/gs, '…').trim() || code;
}
