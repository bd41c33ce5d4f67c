import { sql } from 'kysely';
import type { Db } from './connection.ts';
import { jsonText } from './json.ts';
import { awaited } from './landed-of.ts';
import type { Requeueable, RequeueStep } from './requeueable.ts';
import type { Trx } from './transaction.ts';

/** What a receipt is to hold besides the records. */
export interface NewReceipt {
  source: string;
  /** Ids that nothing is known by. */
  unknown: readonly string[];
}

/** By `<entity> <scope> <external id>`: how a record stood, and what was to become of it. */
type Steps = ReadonlyMap<string, { before: string; step: RequeueStep }>;

/** Writes down what is put back into the line, in the order of `records`; one that has been deleted meanwhile is left out. */
export async function writeReceipt(
  trx: Trx,
  { id, source, refetch, runs, unknown }: NewReceipt & { id: string; refetch: boolean; runs: readonly string[] },
  records: readonly Pick<Requeueable, 'scope' | 'entity' | 'external_id' | 'account'>[],
  steps: Steps,
): Promise<void> {
  await sql`insert into requeues (id, source, refetch, runs, unknown)
    values (${id}, ${source}, ${refetch}, ${[...runs]}::uuid[], ${[...unknown]}::text[])`.execute(trx);
  const rows = records.flatMap(({ scope, entity, external_id, account }) => {
    const step = steps.get([entity, scope, external_id].join(' '));
    return step ? [{ scope, entity, external_id, account, ...step }] : [];
  });
  await sql`
    insert into requeue_records (requeue_id, n, scope, entity, external_id, account, before, step)
    select ${id}::bigint, n, scope, entity, external_id, account, before, step
    from rows from (json_to_recordset(${jsonText(rows)}::json)
      as (scope text, entity text, external_id text, account text, before text, step text))
      with ordinality as r (scope, entity, external_id, account, before, step, n)`.execute(trx);
}

/** Where the records of a receipt are now. */
export interface ReceiptCounts {
  records: number;
  applied: number;
  /** Applied without a parent that nobody has. */
  without_parent: number;
  /** Wait for a parent. */
  parked: number;
  quarantined: number;
  /** Still to be applied, or looked for. */
  under_way: number;
  /** Nobody has them, or they have been deleted. */
  gone: number;
}

export interface ReceiptHead {
  id: string;
  at: Date;
  actor: string;
  details: Record<string, unknown>;
  source: string;
  refetch: boolean;
  runs: string[];
  unknown: string[];
}

export async function readReceiptHead(db: Db, id: string): Promise<ReceiptHead | undefined> {
  const { rows } = await sql<ReceiptHead>`
    select r.id, a.at, a.actor, a.details, r.source, r.refetch, r.runs, r.unknown
    from requeues r join audit_log a using (id) where r.id = ${id}::bigint`.execute(db);
  return rows[0];
}

export interface ReceiptRun {
  id: string;
  account: string;
  entity: string;
  status: string;
  fetched: number;
  /** Records still to be read again at the source. */
  pages_open: number;
  pages_failed: number;
  error: string | null;
}

export async function readReceiptRuns(db: Db, ids: readonly string[]): Promise<ReceiptRun[]> {
  const { rows } = await sql<ReceiptRun>`
    select id, account, entity, status, fetched, pages_open, pages_failed, error from sync_log
    where id = any(${[...ids]}::uuid[]) order by entity, account`.execute(db);
  return rows;
}

const standing = sql`requeue_records r join requeues q on q.id = r.requeue_id
  left join lateral (select * from source_records s where s.source = q.source and s.entity = r.entity and s.scope = r.scope
    and s.external_id = r.external_id limit 1) s on true`;
/** A look-up under way: one that failed has an error and is asked again minutes later. */
const isUnderWay = sql`(s.state = 'pending' or (s.state = 'listed' and s.last_error is null))`;

export async function countReceipt(db: Db, id: string): Promise<ReceiptCounts> {
  const { rows } = await sql<ReceiptCounts>`
    select count(*)::int as records,
      count(*) filter (where s.state = 'applied' and s.waits_for is null)::int as applied,
      count(*) filter (where s.state = 'applied' and s.waits_for is not null)::int as without_parent,
      count(*) filter (where s.state = 'parked')::int as parked,
      count(*) filter (where s.state = 'quarantined')::int as quarantined,
      count(*) filter (where ${isUnderWay})::int as under_way,
      count(*) filter (where s.state = 'gone' or s.state is null or (s.state = 'listed' and not ${isUnderWay}))::int as gone
    from ${standing} where r.requeue_id = ${id}::bigint`.execute(db);
  return rows[0]!;
}

export interface ReceiptRow {
  n: number;
  scope: string;
  entity: string;
  external_id: string;
  account: string;
  before: string;
  step: RequeueStep;
  /** Null when it has been deleted. */
  after: string | null;
  waits_for: string[] | null;
  last_error: string | null;
}

/** In the order they were asked for, after the `n` of the last one. `unwell`: only those that have not gone through. */
export async function listReceipt(
  db: Db,
  id: string,
  { after, limit, unwell }: { after: number; limit: number; unwell: boolean },
): Promise<ReceiptRow[]> {
  const { rows } = await sql<ReceiptRow>`
    select r.n, r.scope, r.entity, r.external_id, r.account, r.before, r.step, s.state as after, s.waits_for, s.last_error
    from ${standing} where r.requeue_id = ${id}::bigint and r.n > ${after}
      and (not ${unwell} or s.state is distinct from 'applied' or s.waits_for is not null)
    order by r.n limit ${limit}`.execute(db);
  return rows;
}

/** Whether a parent that records of the receipt wait for is here already: they are about to be applied. */
export async function isReleasing(db: Db, id: string): Promise<boolean> {
  const { rows } = await sql`
    select from ${standing} cross join unnest(s.waits_for) as name cross join lateral ${awaited('s', 'name')} p
    where r.requeue_id = ${id}::bigint and s.waits_for is not null
      and (p.state = 'applied' or (p.state = 'gone' and s.state = 'parked')) limit 1`.execute(db);
  return rows.length > 0;
}

const KEPT_DAYS = 30;

export async function forgetOldReceipts(db: Db): Promise<void> {
  await sql`delete from requeues q using audit_log a
    where a.id = q.id and a.at < now() - make_interval(days => ${KEPT_DAYS})`.execute(db);
}
