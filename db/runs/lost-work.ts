import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import { awaited } from '../landed-of.ts';
import { lookedAfter } from '../looked-after.ts';
import { transaction } from '../transaction.ts';
import { readEverythingAs } from './broken-off.ts';

/** What the database knows to be unfinished. The queue may or may not still have the jobs for it. */
export interface UnfinishedPage {
  source: string;
  account: string;
  entity: string;
  runId: string;
  page: string;
  mode: 'incremental' | 'full';
  trigger: string;
  kind: 'list' | 'record';
  attempt: number;
}

export interface UnfinishedRecord {
  source: string;
  account: string;
  entity: string;
  externalId: string;
  version: number;
}

const MOST_AT_ONCE = 1000;

/**
 * Pages of running runs that have been queued for a while. Records come in thousands and wait for their turn: they are only
 * looked at when their run does not move any more.
 */
export async function unfinishedPages(db: Db, olderThanMs: number): Promise<UnfinishedPage[]> {
  const { rows } = await sql<UnfinishedPage>`
    select r.source, r.account, r.entity, r.id as "runId", p.page, r.mode, r.trigger, p.kind, p.attempt
    from sync_log r join sync_pages p on p.run_id = r.id
    where r.status = 'running' and p.state = 'queued' and p.changed_at < ${ago(olderThanMs)}
      and (p.kind = 'list' or r.heartbeat_at < ${ago(olderThanMs)})
    order by p.changed_at limit ${MOST_AT_ONCE}`.execute(db);
  return rows;
}

/** Landed records of runs that have not moved for a while, and records outside runs that are due. */
export async function unfinishedRecords(db: Db, olderThanMs: number): Promise<UnfinishedRecord[]> {
  const columns = sql`s.source, s.account, s.entity, s.external_id as "externalId", s.version`;
  const { rows } = await sql<UnfinishedRecord>`
    (select ${columns} from source_records s join sync_log r on r.id = s.run_id
      where s.state = 'pending' and (r.pending > 0) and r.heartbeat_at < ${ago(olderThanMs)} limit ${MOST_AT_ONCE})
    union all
    (select ${columns} from source_records s where s.due_at <= now() and s.state = 'pending' limit ${MOST_AT_ONCE})`.execute(
    db,
  );
  return rows;
}

/** Next look at records outside runs, so that the same ones are not seen at every sweep. */
export async function postponeDueRecords(db: Db): Promise<void> {
  await sql`update source_records set due_at = ${lookedAfter}
    where due_at <= now() and state = 'pending'`.execute(db);
}

/** Gives records' jobs new ids: the finished job of the old version would keep a new one out. */
export async function renumber(db: Db, records: readonly UnfinishedRecord[]): Promise<UnfinishedRecord[]> {
  if (records.length === 0) return [];
  const keys = JSON.stringify(
    records.map(({ source, entity, externalId, account }) => ({ source, entity, external_id: externalId, account })),
  );
  const { rows } = await sql<UnfinishedRecord>`
    update source_records s set version = s.version + 1
    from json_to_recordset(${keys}::json) as k (source text, entity text, external_id text, account text)
    where s.source = k.source and s.entity = k.entity and s.external_id = k.external_id and s.account = k.account and s.state = 'pending'
    returning s.source, s.account, s.entity, s.external_id as "externalId", s.version`.execute(db);
  return rows;
}

/** Parents that are here, or are known to be gone, while records still wait for them: a crash between two commits. */
export async function forgottenParents(
  db: Db,
): Promise<{ source: string; scope: string; entity: string; externalId: string }[]> {
  return transaction(db, async (trx) => {
    // Few records wait, which the planner cannot know while a table is being filled for the first time: it would read all of it.
    await sql`set local enable_seqscan = off`.execute(trx);
    const { rows } = await sql<{ source: string; scope: string; entity: string; externalId: string }>`
      select distinct p.source, p.scope, p.entity, p.external_id as "externalId"
      from source_records w cross join unnest(w.waits_for) as name cross join lateral ${awaited('w', 'name')} p
      where w.waits_for is not null and ((w.state = 'parked' and p.state in ('applied', 'gone')) or (w.state = 'applied' and p.state = 'applied'))
      limit ${MOST_AT_ONCE}`.execute(trx);
    return rows;
  });
}

export async function dueLookups(db: Db): Promise<{ source: string; entity: string }[]> {
  const { rows } = await sql<{ source: string; entity: string }>`
    select distinct source, entity from source_records
    where due_at <= now() and state = 'listed' and trail is not null`.execute(db);
  return rows;
}

export async function settledRuns(db: Db, olderThanMs: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from sync_log where status = 'running' and pages_open = 0 and pending = 0 and heartbeat_at < ${ago(olderThanMs)}`.execute(
    db,
  );
  return rows.map((row) => row.id);
}

const PAGES_KEPT_DAYS = 3;
/** So long a run may go on from what those before it have read before they broke off. */
const RESUMABLE_DAYS = 30;

export async function forgetOldPages(db: Db): Promise<void> {
  const before = (days: number) => sql`r.finished_at < now() - make_interval(days => ${days})`;
  await sql`delete from sync_pages p using sync_log r where r.id = p.run_id and ${before(PAGES_KEPT_DAYS)}
    and (${before(RESUMABLE_DAYS)} or r.trigger not in ('schedule', 'manual') or (p.kind = 'record' and p.state = 'done')
      or exists (select 1 from sync_log c where c.source = r.source and c.account = r.account and c.entity = r.entity
        and c.started_at >= r.started_at and ${readEverythingAs('c')}))`.execute(db);
  await sql`delete from compare_seen where run_id in (select r.id from sync_log r
    where r.trigger = 'compare' and ${before(PAGES_KEPT_DAYS)})`.execute(db);
}

function ago(ms: number) {
  return sql`now() - ${ms} * interval '1 millisecond'`;
}
