import { type RawBuilder, sql } from 'kysely';
import type { Db } from './connection.ts';
import { readEverythingAs } from './runs/broken-off.ts';

/** Rows of one statement: each holds its locks for some milliseconds only. */
const MOST_AT_ONCE = 500;

/** What is older than that is forgotten, a batch at a call. Answers whether there may be more. */
export type Forget = (db: Db, olderThanMs: number) => Promise<{ forgotten: number; more: boolean }>;

/**
 * Finished runs, with their pages. Kept whatever their age: the last run of an entity, and the last one of its list; the last
 * that has read everything, which says from where to go on; those whose records still wait; those whose pages are still kept.
 */
export const forgetRuns: Forget = (db, olderThanMs) =>
  deleteBatch(
    db,
    'sync_log',
    sql`select r.id from sync_log r where r.finished_at < ${before(olderThanMs)} and r.status <> 'running'
      and r.pending = 0 and r.parked = 0
      and not exists (select from sync_pages p where p.run_id = r.id)
      and not exists (select from compare_seen c where c.run_id = r.id)
      and exists (${newer(sql`(n.trigger in ('schedule', 'manual') or r.trigger not in ('schedule', 'manual'))`)})
      and (not (${readEverythingAs('r')}) or exists (${newer(readEverythingAs('n'))}))
      order by r.finished_at limit ${MOST_AT_ONCE} for update of r skip locked`,
  );

/** Closed issues; one that an operator has dismissed stays while its record is as it was then. */
export const forgetIssues: Forget = (db, olderThanMs) =>
  deleteBatch(
    db,
    'sync_issues',
    sql`select i.id from sync_issues i where i.resolved_at < ${before(olderThanMs)}
      and (i.dismissed_hash is null or not exists (select from source_records s where s.source = i.source
        and s.entity = i.entity and s.external_id = i.external_id and s.payload_hash = i.dismissed_hash))
      order by i.resolved_at limit ${MOST_AT_ONCE} for update of i skip locked`,
  );

/** Entries of the audit log that no receipt of a re-queue hangs on. Their ids grow with time: only the oldest are looked at. */
export const forgetAudit: Forget = (db, olderThanMs) =>
  deleteBatch(
    db,
    'audit_log',
    sql`select a.id from (select id, at from audit_log order by id limit ${MOST_AT_ONCE}) a
      where a.at < ${before(olderThanMs)} and not exists (select from requeues q where q.id = a.id)`,
  );

/** Whether this role may delete from the audit log: with the roles of deploy/database-role.sql only its owner may. */
export async function mayForgetAudit(db: Db): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`select has_table_privilege('audit_log', 'delete') as may`.execute(db);
  return rows[0]?.may ?? false;
}

async function deleteBatch(db: Db, table: string, ids: RawBuilder<unknown>) {
  const { numAffectedRows } = await sql`delete from ${sql.table(table)} where id in (${ids})`.execute(db);
  const forgotten = Number(numAffectedRows ?? 0);
  return { forgotten, more: forgotten === MOST_AT_ONCE };
}

function newer(condition: RawBuilder<unknown>) {
  return sql`select from sync_log n where n.source = r.source and n.account = r.account and n.entity = r.entity
    and n.started_at > r.started_at and ${condition}`;
}

function before(olderThanMs: number) {
  return sql`now() - make_interval(secs => ${olderThanMs / 1000})`;
}
