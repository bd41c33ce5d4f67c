import { sql } from 'kysely';
import { lookAgain } from './apply/parents.ts';
import { type AuditEntry, writeAudit } from './audit.ts';
import type { Db } from './connection.ts';
import { parseWaitName, type RecordKey } from './record-key.ts';
import { addToRuns, type RunState, tally } from './runs/ledger.ts';
import { addRecordPages } from './runs/record-pages.ts';
import { stuckRecords } from './stuck-records.ts';
import { type Trx, transaction } from './transaction.ts';

/** A landed record that may go back into the line. */
export interface Requeueable {
  source: string;
  scope: string;
  entity: string;
  external_id: string;
  account: string;
  state: string;
  /** A record that is (or was) looked for by id, without a payload of its own. */
  is_lookup: boolean;
  run_id: string | null;
  waits_for: string[] | null;
}

/** What becomes of a record: applied again, read again at the source, looked for again, or left as it is in the line. */
export type RequeueStep = 'apply' | 'refetch' | 'look up' | 'wait';

export interface RequeueRequest {
  /** Read the records again at the source instead of applying what is landed. */
  refetch: boolean;
  audit: AuditEntry;
}

export interface Requeued {
  runs: { id: string; source: string; account: string; entity: string }[];
  upserts: { key: RecordKey; account: string; version: number }[];
  refreshes: { key: RecordKey; account: string; runId: string }[];
  /** Entities with look-ups that have become due. */
  wanted: Set<string>;
  /** Former runs of the records. */
  former: RunState[];
}

const columns = sql`s.source, s.scope, s.entity, s.external_id, s.account, s.state, s.run_id, s.waits_for,
  s.state in ('listed', 'gone') and s.trail is not null as is_lookup`;

export interface RecordFilter {
  source: string;
  entity?: string | undefined;
  account?: string | undefined;
}

/** The records with these external ids; where ids belong to an account there may be several for one id. */
export async function findRecords(
  db: Db,
  { source, entity, account }: RecordFilter & { entity: string },
  externalIds: readonly string[],
): Promise<Requeueable[]> {
  const { rows } = await sql<Requeueable>`
    select ${columns} from source_records s
    where s.source = ${source} and s.entity = ${entity} and s.external_id = any(${externalIds}::text[])
      and (${account ?? null}::text is null or s.account = ${account ?? null})`.execute(db);
  return rows;
}

/** Everything that did not go through: parked, quarantined, or stored without its parent. */
export async function findFailed(db: Db, { source, entity, account }: RecordFilter): Promise<Requeueable[]> {
  const { rows } = await sql<Requeueable>`
    select ${columns} from ${stuckRecords}
    where s.source = ${source} and (${entity ?? null}::text is null or s.entity = ${entity ?? null})
      and (${account ?? null}::text is null or s.account = ${account ?? null})
      and (s.state <> 'applied' or exists (
        select 1 from sync_issues i where i.resolved_at is null and i.kind = 'missing_parent' and i.source = s.source
          and i.entity = s.entity and i.external_id = s.external_id and s.scope in ('*', i.account)))
    order by s.entity, s.external_id`.execute(db);
  return rows;
}

export function stepOf(record: Requeueable, refetch: boolean): RequeueStep {
  if (record.is_lookup) return 'look up';
  // A tombstone: the source may have the record again, what is landed says nothing.
  if (record.state === 'gone') return 'refetch';
  if (record.state === 'listed') return 'wait';
  return refetch ? 'refetch' : 'apply';
}

/**
 * Puts records back into the line: one run of trigger `requeue` for each account and entity, whose ledger they move to, and
 * the look-up of every missing parent afresh. All or nothing; the jobs are the caller's, after the commit.
 */
export async function requeueRecords(
  db: Db,
  found: readonly Requeueable[],
  { refetch, audit }: RequeueRequest,
): Promise<Requeued> {
  return transaction(db, async (trx) => {
    const records = await lock(trx, found);
    const result: Requeued = { runs: [], upserts: [], refreshes: [], wanted: new Set(), former: [] };
    const ledger = tally();
    for (const record of records.filter((record) => stepOf(record, refetch) === 'look up')) {
      await lookAgain(trx, keyOf(record));
      result.wanted.add(record.entity);
    }
    const parents = await restartParents(trx, records);
    for (const entity of parents) result.wanted.add(entity);

    const moved = records.filter((record) => ['apply', 'refetch'].includes(stepOf(record, refetch)));
    for (const [name, group] of Map.groupBy(moved, ({ account, entity }) => `${entity} ${account}`)) {
      const [entity = '', account = ''] = name.split(' ');
      const { source } = group[0]!;
      const [read, applied] = split(group, (record) => stepOf(record, refetch) === 'refetch');
      const runId = await openRequeueRun(trx, { source, account, entity }, applied.length, read);
      result.runs.push({ id: runId, source, account, entity });
      result.refreshes.push(...read.map((record) => ({ key: keyOf(record), account, runId })));
      if (applied.length > 0) result.upserts.push(...(await toPending(trx, applied, runId)));
      for (const { run_id: former, state } of applied) {
        if (state === 'pending' || state === 'parked') ledger.add(former, { [state]: -1, stale: 1 });
      }
    }
    await writeAudit(trx, { ...audit, details: { ...audit.details, runs: result.runs.map((run) => run.id) } });
    result.former = await addToRuns(trx, ledger.changes);
    return result;
  });
}

/** As they are now, in the order in which everybody locks. */
async function lock(trx: Trx, found: readonly Requeueable[]): Promise<Requeueable[]> {
  const { rows } = await sql<Requeueable>`
    select ${columns} from source_records s join json_to_recordset(${keysText(found)}::json)
      as k (source text, scope text, entity text, external_id text) using (source, scope, entity, external_id)
    order by s.entity, s.scope, s.external_id for update of s`.execute(trx);
  return rows;
}

/** Parents that were given up, or whose last look-up failed, are looked for afresh; one that is under way goes on. */
async function restartParents(trx: Trx, records: readonly Requeueable[]): Promise<Set<string>> {
  const names = records.flatMap(({ source, account, waits_for: waits }) =>
    (waits ?? []).map((name) => {
      const { entity, externalId } = parseWaitName(name);
      return { source, account, entity, external_id: externalId };
    }),
  );
  if (names.length === 0) return new Set();
  const { rows } = await sql<{ source: string; scope: string; entity: string; external_id: string }>`
    select p.source, p.scope, p.entity, p.external_id from source_records p
    where (p.state = 'gone' or (p.state = 'listed' and p.trail is not null and p.last_error is not null))
      and exists (select 1 from json_to_recordset(${JSON.stringify(names)}::json)
        as n (source text, account text, entity text, external_id text)
        where n.source = p.source and n.entity = p.entity and n.external_id = p.external_id and p.scope in ('*', n.account))
    order by p.entity, p.scope, p.external_id for update`.execute(trx);
  for (const parent of rows) await lookAgain(trx, keyOf(parent));
  return new Set(rows.map((parent) => parent.entity));
}

/** The records count as fetched at once when they are applied as landed, and one by one when they are read again. */
async function openRequeueRun(
  trx: Trx,
  { source, account, entity }: { source: string; account: string; entity: string },
  counted: number,
  read: readonly Requeueable[],
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into sync_log (source, account, entity, mode, trigger, fetched, pending, fanned_out, pages_open)
    values (${source}, ${account}, ${entity}, 'incremental', 'requeue', ${counted}, ${counted}, ${counted},
      ${read.length})
    returning id`.execute(trx);
  const runId = rows[0]!.id;
  const ids = read.map((record) => record.external_id);
  await addRecordPages(trx, runId, sql`select unnest(${ids}::text[])`);
  return runId;
}

async function toPending(trx: Trx, records: readonly Requeueable[], runId: string): Promise<Requeued['upserts']> {
  const { rows } = await sql<Requeueable & { version: number }>`
    update source_records s set state = 'pending', version = s.version + 1, run_id = ${runId}::uuid, page = null,
      waits_for = null, due_at = null, last_error = null
    from json_to_recordset(${keysText(records)}::json) as k (source text, scope text, entity text, external_id text)
    where s.source = k.source and s.scope = k.scope and s.entity = k.entity and s.external_id = k.external_id
    returning ${columns}, s.version`.execute(trx);
  return rows.map((row) => ({ key: keyOf(row), account: row.account, version: row.version }));
}

function split<T>(items: readonly T[], first: (item: T) => boolean): [T[], T[]] {
  return [items.filter(first), items.filter((item) => !first(item))];
}

type Named = Pick<Requeueable, 'source' | 'scope' | 'entity' | 'external_id'>;

function keyOf({ source, scope, entity, external_id: externalId }: Named): RecordKey {
  return { source, scope, entity, externalId };
}

function keysText(records: readonly Named[]): string {
  return JSON.stringify(
    records.map(({ source, scope, entity, external_id }) => ({ source, scope, entity, external_id })),
  );
}
