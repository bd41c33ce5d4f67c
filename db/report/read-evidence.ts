import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import { jsonText } from '../json.ts';
import type { TrailStep } from '../lookups.ts';
import { waitName } from '../record-key.ts';
import { readEverythingAs } from '../runs/broken-off.ts';
import type { AccountDay } from './account-day.ts';
import type { DayCause } from './read-causes.ts';

/** What the database knows beside a cause, to rule explanations in or out. */
export interface Evidence {
  /** The missing parent as it is now; null where the cause has none, or nothing is known of it. */
  parent: { state: string; trail: TrailStep[] | null; applied_at: Date | null } | null;
  /** Records of the account that wait for some of the cause's records, which are being looked for. */
  waiters: number;
  /** The run of the newest problem. */
  run: {
    fetched: number;
    /** New or changed records that went through. */
    applied: number;
    unchanged: number;
    quarantined: number;
    pages_done: number;
    pages_failed: number;
  } | null;
  /** The field that is not valid, as pages have shown it. */
  field: { types: string[]; first_seen_at: Date; is_drift: boolean } | null;
  /** Fields that the source has begun to send on that day. */
  new_fields: string[];
  /** When an entity of the cause was last read to its end before it, and first after it. */
  read_before: Date | null;
  read_after: Date | null;
}

const MOST_FIELDS = 5;

/** For each cause, in the order given. */
export async function readEvidence(
  db: Db,
  { source, account, from, to, parts }: AccountDay,
  causes: readonly DayCause[],
): Promise<Evidence[]> {
  if (causes.length === 0) return [];
  const listed = (entity: string) => parts.find((part) => part.entity === entity)?.listed ?? entity;
  const asked = causes.map(({ kind, entity, entities, name, records, run_id, first_at, last_at }, at) => ({
    at,
    parent: kind === 'gone_parent' ? entity : null,
    field: kind === 'invalid_field' ? entity : null,
    name,
    sought: kind === 'silent_look_up' ? records.map((each) => waitName({ ...each, externalId: each.external_id })) : [],
    lists: entities.map(listed),
    run_id,
    first_at,
    last_at,
  }));
  const { rows } = await sql<Evidence>`
    select
      (select jsonb_build_object('state', s.state, 'trail', s.trail, 'applied_at', s.applied_at)
        from source_records s where s.source = ${source} and s.entity = c.parent and s.external_id = c.name
          and s.scope in ('*', ${account}) limit 1) as parent,
      (select count(*)::int from source_records w where w.waits_for && c.sought and w.waits_for is not null
        and w.source = ${source} and w.account = ${account}) as waiters,
      (select jsonb_build_object('fetched', fetched, 'applied', inserted + updated, 'unchanged', unchanged,
          'quarantined', quarantined, 'pages_done', pages_done, 'pages_failed', pages_failed)
        from sync_log r where r.id = c.run_id) as run,
      (select jsonb_build_object('types', types, 'first_seen_at', first_seen_at, 'is_drift', is_drift)
        from source_fields f where f.source = ${source} and f.entity = c.field and f.path = c.name) as field,
      coalesce((select jsonb_agg(path) from (
        select path from source_fields f where f.source = ${source} and f.entity = c.field and is_drift
          and first_seen_at >= ${from} and first_seen_at < ${to} order by path limit ${MOST_FIELDS}) drift), '[]') as new_fields,
      (select max(finished_at) from sync_log l where l.source = ${source} and l.account = ${account}
        and l.entity = any(c.lists) and l.finished_at < c.first_at and ${readEverythingAs('l')}) as read_before,
      (select min(finished_at) from sync_log l where l.source = ${source} and l.account = ${account}
        and l.entity = any(c.lists) and l.started_at > c.last_at and ${readEverythingAs('l')}) as read_after
    from json_to_recordset(${jsonText(asked)}::json)
      as c (at int, parent text, field text, name text, sought text[], lists text[], run_id uuid, first_at timestamptz, last_at timestamptz)
    order by c.at`.execute(db);
  return rows.map(({ parent, field, ...rest }) => ({
    ...rest,
    parent: parent && { ...parent, applied_at: parent.applied_at && new Date(parent.applied_at) },
    field: field && { ...field, first_seen_at: new Date(field.first_seen_at) },
  }));
}
