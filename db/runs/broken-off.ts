import { sql } from 'kysely';

/** Of a row of `sync_log` under this name: a run of a listing that has seen all there was, whatever became of its records. */
export function readEverythingAs(name: string) {
  const column = (of: string) => sql.ref(`${name}.${of}`);
  return sql`${column('trigger')} in ('schedule', 'manual') and ${column('period')} is null
    and ${column('status')} in ('succeeded', 'partial') and ${column('pages_failed')} = 0 and ${column('error')} is null`;
}

/** When the newest run began that read everything; null when none has yet. */
export function lastComplete({ source, account, entity }: { source: string; account: string; entity: string }) {
  return sql`(select max(r.started_at) from sync_log r
    where r.source = ${source} and r.account = ${account} and r.entity = ${entity} and ${readEverythingAs('r')})`;
}

/** Ids of the runs that have begun since then and broke off: the next one may go on from what they have read. */
export function brokenOff(target: { source: string; account: string; entity: string }) {
  const { source, account, entity } = target;
  return sql`select b.id from sync_log b
    where b.source = ${source} and b.account = ${account} and b.entity = ${entity} and b.status in ('partial', 'failed')
      and b.trigger in ('schedule', 'manual') and b.period is null
      and b.started_at > coalesce(${lastComplete(target)}, '-infinity')`;
}
