import { sql } from 'kysely';
import { readEverythingAs } from '../runs/broken-off.ts';
import type { AccountDay } from './account-day.ts';

/** How a problem of that day stands now. `closed`: by a person, who has dismissed it or deleted the record here. */
export type PresentStatus = 'healed' | 'waiting' | 'needs_look' | 'closed';

/** So many runs in a row may find the vendor unavailable before a person should look. */
const PATIENT_ATTEMPTS = 3;

/**
 * The problems of a day as a list of common table expressions that ends with `problems`: issues that were open at any moment
 * of it, and runs of it that are not complete for a reason that none of those issues tells. `status` is the present one.
 *
 * What a record has now is found by a window and not by a join: the planner cannot know how many issues a day has, and with
 * thousands it would compare each with each.
 */
export function problemsOf({ source, account, from, to, scheduled, parts }: AccountDay) {
  const isThis = (name: string) =>
    sql`${sql.ref(`${name}.source`)} = ${source} and ${sql.ref(`${name}.account`)} = ${account}`;
  return sql`
    listed_in as (
      select entity, listed from json_to_recordset(${JSON.stringify(parts)}::json) as p (entity text, listed text)
    ), known as (
      select i.*, coalesce(p.listed, i.entity) as run_entity,
        -- Its own kind while it is open, else that of an issue which the same record, or the same list, has now.
        case when i.resolved_at is null then i.kind
          else first_value(case when i.resolved_at is null then i.kind end) over newest end as open_kind,
        case when i.resolved_at is null then i.attempts
          else first_value(case when i.resolved_at is null then i.attempts end) over newest end as open_attempts
      from sync_issues i left join listed_in p using (entity)
      where ${isThis('i')} and (i.resolved_at is null or (i.opened_at < ${to} and i.resolved_at >= ${from}))
      window newest as (partition by i.entity, i.external_id, case when i.external_id is null then i.kind end
        order by i.resolved_at is null desc, i.opened_at desc)
    ), issues as materialized (
      select * from known where opened_at < ${to}
    ), broken as materialized (
      select r.* from sync_log r
      where ${isThis('r')} and r.started_at >= ${from} and r.started_at < ${to}
        and r.status in ('failed', 'partial') and r.trigger <> 'compare'
    ), unexplained as (
      select r.* from broken r
      where not exists (select from issues i where i.run_id = r.id)
        and not exists (select from issues i where i.run_entity = r.entity
          and i.opened_at <= coalesce(r.finished_at, clock_timestamp()) and coalesce(i.resolved_at, 'infinity') >= r.started_at
          -- Of the whole list; or of single records, where nothing else kept the run from being complete.
          and (i.external_id is null
            or (i.kind = 'invalid_record' and r.quarantined > 0 and r.parked = 0 and r.pages_failed = 0 and r.error is null)))
    ), problems as materialized (
      select 'issue ' || i.id as key, i.opened_at as at, i.opened_at >= ${from} as is_new, i.resolved_at as healed_at,
        i.resolution, i.entity, i.external_id, i.kind, i.message, i.details, i.attempts, i.run_id,
        case
          when open_kind is null and i.resolution ~ '^(dismissed|deleted by )' then 'closed'
          when open_kind is null then 'healed'
          when s.state in ('pending', 'parked') then 'waiting'
          when open_kind = 'unavailable' and i.external_id is not null then 'waiting'
          when open_kind = 'unavailable' and open_attempts < ${PATIENT_ATTEMPTS}
            and run_entity = any(${[...scheduled]}::text[]) then 'waiting'
          else 'needs_look'
        end as status
      from issues i
      left join lateral (
        select state from source_records s
        where s.source = i.source and s.entity = i.entity and s.external_id = i.external_id and s.scope in ('*', i.account)
        limit 1) s on true
      union all
      select 'run ' || r.id, coalesce(r.finished_at, r.started_at), true, later.read_at, null, r.entity, null, 'run_' || r.status,
        coalesce(r.error, ''), jsonb_build_object('pages_failed', r.pages_failed, 'parked', r.parked,
          'quarantined', r.quarantined, 'trigger', r.trigger), 1, r.id,
        case
          when r.parked > 0 and r.quarantined = 0 and r.pages_failed = 0 and r.error is null then 'waiting'
          when later.read_at is not null then 'healed'
          else 'needs_look'
        end
      from unexplained r
      left join lateral (
        select min(l.finished_at) as read_at from sync_log l
        where ${isThis('l')} and l.entity = r.entity and l.started_at > r.started_at and ${readEverythingAs('l')}
      ) later on true
    )`;
}
