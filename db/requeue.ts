import { sql } from 'kysely';
import { lookAgainAll } from './apply/parents.ts';
import { type AuditEntry, writeAudit } from './audit.ts';
import type { Db } from './connection.ts';
import { jsonText } from './json.ts';
import { awaited } from './landed-of.ts';
import type { RecordKey } from './record-key.ts';
import { type NewReceipt, writeReceipt } from './requeue-receipts.ts';
import { type Requeueable, requeueable, stepOf } from './requeueable.ts';
import { endWithRuns, type RunState, tally } from './runs/ledger.ts';
import { recordPage } from './runs/record-pages.ts';
import { type Trx, transaction } from './transaction.ts';

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

    const groups = groupsOf(records, refetch);
    const runIds = await openRequeueRuns(trx, groups);
    for (const [i, { source, account, entity, read, applied }] of groups.entries()) {
      const runId = runIds[i]!;
      result.runs.push({ id: runId, source, account, entity });
      result.refreshes.push(...read.map((record) => ({ key: keyOf(record), account, runId })));
      for (const { run_id: former, state } of applied) {
        if (state === 'pending' || state === 'parked') ledger.add(former, { [state]: -1, stale: 1 });
      }
    }
    result.upserts = await toPending(trx, groups, runIds);
    const runs = result.runs.map((run) => run.id);
    result.id = await writeAudit(trx, { ...audit, details: { ...audit.details, runs } });
    if (receipt)
      await writeReceipt(trx, { ...receipt, id: result.id, runs, refetch }, found, stepsOf(records, refetch));
    result.former = await endWithRuns(trx, ledger.changes);
    return result;
  });
}

/** As they are now, in the order in which everybody locks. */
async function lock(trx: Trx, found: readonly Named[]): Promise<Requeueable[]> {
  const { rows } = await sql<Requeueable>`
    select ${requeueable} from (select distinct * from ${keysOf(found)} order by entity, scope, external_id) k
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

/** What becomes one run. */
interface Group {
  source: string;
  account: string;
  entity: string;
  /** Read again at the source. */
  read: Requeueable[];
  /** Applied as landed. */
  applied: Requeueable[];
}

function groupsOf(records: readonly Requeueable[], refetch: boolean): Group[] {
  const groups = new Map<string, Group>();
  for (const record of records) {
    const step = stepOf(record, refetch);
    if (step !== 'apply' && step !== 'refetch') continue;
    const { source, account, entity } = record;
    const name = `${entity} ${account}`;
    const group = groups.get(name) ?? { source, account, entity, read: [], applied: [] };
    groups.set(name, group);
    (step === 'apply' ? group.applied : group.read).push(record);
  }
  return [...groups.values()];
}

/** The records count as fetched at once when they are applied as landed, and one by one when they are read again. */
async function openRequeueRuns(trx: Trx, groups: readonly Group[]): Promise<string[]> {
  if (groups.length === 0) return [];
  const asked = groups.map(({ read, applied, ...group }) => ({
    ...group,
    counted: applied.length,
    pages: read.length,
  }));
  const { rows } = await sql<{ id: string; account: string; entity: string }>`
    insert into sync_log (source, account, entity, mode, trigger, fetched, pending, fanned_out, pages_open)
    select source, account, entity, 'incremental', 'requeue', counted, counted, counted, pages
    from json_to_recordset(${jsonText(asked)}::json)
      as g (source text, account text, entity text, counted int, pages int)
    returning id, account, entity`.execute(trx);
  const ids = new Map(rows.map(({ id, account, entity }) => [`${entity} ${account}`, id]));
  const runIds = groups.map(({ account, entity }) => ids.get(`${entity} ${account}`)!);
  const pages = groups.flatMap(({ read }, i) =>
    read.map(({ external_id }) => ({ run_id: runIds[i], page: recordPage(external_id) })),
  );
  await sql`
    insert into sync_pages (run_id, page, kind)
    select run_id, page, 'record' from json_to_recordset(${jsonText(pages)}::json) as p (run_id uuid, page text)
    on conflict do nothing`.execute(trx);
  return runIds;
}

async function toPending(trx: Trx, groups: readonly Group[], runIds: readonly string[]): Promise<Requeued['upserts']> {
  const keys = groups.flatMap(({ applied }, i) =>
    applied.map(({ source, scope, entity, external_id }) => ({
      source,
      scope,
      entity,
      external_id,
      run_id: runIds[i],
    })),
  );
  if (keys.length === 0) return [];
  const { rows } = await sql<Requeueable & { version: number }>`
    update source_records s set state = 'pending', version = s.version + 1, run_id = k.run_id,
      waits_for = null, due_at = null, last_error = null
    from json_to_recordset(${jsonText(keys)}::json)
      as k (source text, scope text, entity text, external_id text, run_id uuid)
    cross join lateral (select l.ctid from source_records l where l.source = k.source
      and l.entity = k.entity and l.scope = k.scope and l.external_id = k.external_id limit 1) l
    where s.ctid = l.ctid
    returning ${requeueable}, s.version`.execute(trx);
  return rows.map((row) => ({ key: keyOf(row), account: row.account, version: row.version }));
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
