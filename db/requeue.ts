import { sql } from 'kysely';
import { lookAgainAll } from './apply/parents.ts';
import { type AuditEntry, writeAudit } from './audit.ts';
import type { Db } from './connection.ts';
import { jsonText } from './json.ts';
import { awaited } from './landed-of.ts';
import type { RecordKey } from './record-key.ts';
import { type NewReceipt, writeReceipt } from './requeue-receipts.ts';
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
  last_error: string | null;
}

/** What becomes of a record: applied again, read again at the source, looked for again, or left as it is in the line. */
export type RequeueStep = 'apply' | 'refetch' | 'look up' | 'wait';

export interface RequeueRequest {
  /** Read the records again at the source instead of applying what is landed. */
  refetch: boolean;
  audit: AuditEntry;
  /** Keeps a receipt, which can be read later on. */
  receipt?: NewReceipt | undefined;
}

export interface Requeued {
  /** Of the audit log's entry, and of the receipt. */
  id: string;
  runs: { id: string; source: string; account: string; entity: string }[];
  upserts: { key: RecordKey; account: string; version: number }[];
  refreshes: { key: RecordKey; account: string; runId: string }[];
  /** Entities with look-ups that have become due. */
  wanted: Set<string>;
  /** Former runs of the records. */
  former: RunState[];
}

const columns = sql`s.source, s.scope, s.entity, s.external_id, s.account, s.state, s.run_id, s.waits_for, s.last_error,
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

/** The records of the open issues with one cause. */
export async function findOfCause(
  db: Db,
  cause: string,
  { account, issues }: { account?: string | undefined; issues?: readonly string[] | undefined } = {},
): Promise<Requeueable[]> {
  const { rows } = await sql<Requeueable>`
    select distinct on (s.entity, s.external_id, s.scope) ${columns} from (
      select source, account, entity, external_id from sync_issues
      where cause = ${cause} and resolved_at is null and external_id is not null
        and (${account ?? null}::text is null or account = ${account ?? null})
        and (${issues ?? null}::bigint[] is null or id = any(${issues ?? null}::bigint[]))) i
    cross join lateral (select * from source_records s where s.source = i.source and s.entity = i.entity
      and s.external_id = i.external_id and s.scope in ('*', i.account) limit 1) s
    order by s.entity, s.external_id, s.scope`.execute(db);
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
  { refetch, audit, receipt }: RequeueRequest,
): Promise<Requeued> {
  return transaction(db, async (trx) => {
    const records = await lock(trx, found);
    const result: Requeued = { id: '', runs: [], upserts: [], refreshes: [], wanted: new Set(), former: [] };
    const ledger = tally();
    const looked = records.filter((record) => stepOf(record, refetch) === 'look up');
    await lookAgainAll(trx, looked.map(keyOf));
    for (const record of looked) result.wanted.add(record.entity);
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
    const runs = result.runs.map((run) => run.id);
    result.id = await writeAudit(trx, { ...audit, details: { ...audit.details, runs } });
    if (receipt)
      await writeReceipt(trx, { ...receipt, id: result.id, runs, refetch }, found, stepsOf(records, refetch));
    result.former = await addToRuns(trx, ledger.changes);
    return result;
  });
}

/** As they are now, in the order in which everybody locks. */
async function lock(trx: Trx, found: readonly Named[]): Promise<Requeueable[]> {
  const { rows } = await sql<Requeueable>`
    select ${columns} from (select distinct * from ${keysOf(found)} order by entity, scope, external_id) k
    cross join lateral (select * from source_records s where s.source = k.source and s.entity = k.entity
      and s.scope = k.scope and s.external_id = k.external_id limit 1 for update) s`.execute(trx);
  return rows;
}

function stepsOf(records: readonly Requeueable[], refetch: boolean) {
  return new Map(records.map((record) => [nameOf(record), { before: record.state, step: stepOf(record, refetch) }]));
}

/** Parents that were given up, or whose last look-up failed, are looked for afresh; one that is under way goes on. */
async function restartParents(trx: Trx, records: readonly Requeueable[]): Promise<Set<string>> {
  const names = new Map(
    records.flatMap(({ source, account, waits_for: waits }) =>
      (waits ?? []).map((name) => [`${account} ${name}`, { source, account, name }] as const),
    ),
  );
  if (names.size === 0) return new Set();
  const { rows } = await sql<Named>`
    select distinct p.source, p.scope, p.entity, p.external_id from json_to_recordset(${jsonText([...names.values()])}::json)
      as n (source text, account text, name text)
    cross join lateral ${awaited('n', 'n.name')} p`.execute(trx);
  const parents = (await lock(trx, rows)).filter(
    ({ state, is_lookup: isLookup, last_error: error }) => state === 'gone' || (isLookup && error !== null),
  );
  await lookAgainAll(trx, parents.map(keyOf));
  return new Set(parents.map((parent) => parent.entity));
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
    update source_records s set state = 'pending', version = s.version + 1, run_id = ${runId}::uuid,
      waits_for = null, due_at = null, last_error = null
    from ${keysOf(records)} cross join lateral (select l.ctid from source_records l where l.source = k.source
      and l.entity = k.entity and l.scope = k.scope and l.external_id = k.external_id limit 1) l
    where s.ctid = l.ctid
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

function nameOf({ scope, entity, external_id }: Named): string {
  return [entity, scope, external_id].join(' ');
}

/** As a table, for one look into the primary key each: the planner must not read all records for some of them. */
function keysOf(records: readonly Named[]) {
  const keys = records.map(({ source, scope, entity, external_id }) => ({ source, scope, entity, external_id }));
  return sql`json_to_recordset(${jsonText(keys)}::json) as k (source text, scope text, entity text, external_id text)`;
}
