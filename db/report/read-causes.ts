import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import type { AccountDay } from './account-day.ts';
import { problemsOf } from './problems-of.ts';
import type { StatusCounts } from './read-problems.ts';

export type CauseKind =
  | 'gone_parent'
  | 'invalid_field'
  | 'unauthorized'
  | 'rejected'
  | 'unavailable'
  | 'session'
  | 'silent_look_up'
  | 'delete_brake'
  | 'broken_run';

/** Problems that have one cause. What `name` and `detail` are depends on the kind; both may be empty. */
export interface DayCause {
  kind: CauseKind;
  /** Of the parent, of the invalid record, of the list; empty where several may be concerned. */
  entity: string;
  /** The parent's id, the field's path, the accounts that could not answer, or what the vendor's failure was. */
  name: string;
  /** The rule that an invalid value breaks and what came instead; what a run says of itself. */
  detail: string;
  problems: number;
  now: StatusCounts;
  first_at: Date;
  last_at: Date;
  entities: string[];
  /** Some of the records, those that need a look first. */
  records: { entity: string; external_id: string }[];
  /** Of the newest problem. */
  message: string;
  details: Record<string, unknown>;
  run_id: string | null;
  /** How it ended; null while it is open. */
  resolution: string | null;
}

export interface DayCauses {
  causes: DayCause[];
  /** All there are, by kind. */
  all: { kind: CauseKind; causes: number; problems: number }[];
}

const RECORDS = 10;

/** Indexes in a path say nothing of the field: `items.3.price` → `items[].price`. */
const path = sql`regexp_replace(problem ->> 'field', '\\.[0-9]+(?=\\.|$)', '[]', 'g')`;

/** Issues of an older version may lack the list. */
const listOf = (name: string) =>
  sql`case jsonb_typeof(p.details -> ${sql.lit(name)}) when 'array' then p.details -> ${sql.lit(name)} else '[{}]' end`;

const failure = sql`case
  when p.details ->> 'status' like '5__' or p.message ~ ': answered [0-9]{3}' then 'answered'
  when p.message ~ 'no answer in time' then 'timeout'
  when p.message ~ 'no answer' then 'network'
  else 'nonsense' end`;

const silent = sql`coalesce((select string_agg(distinct step ->> 'account', ', ') from
  jsonb_array_elements(${listOf('trail')}) step where step ->> 'answer' = 'unavailable'), '')`;

/** The problems of a day by their causes, those with most that need a look first. A record may have several. */
export async function readCauses(db: Db, day: AccountDay, limit: number): Promise<DayCauses> {
  const { rows } = await sql<{ causes: Stored[] | null; all: DayCauses['all'] | null }>`
    with ${problemsOf(day)}, caused as materialized (
      select p.key, p.at, p.entity as of_entity, p.external_id, p.message, p.details, p.run_id, p.status, c.*
      from problems p cross join lateral (
        select 'gone_parent' as kind, coalesce(parent ->> 'entity', '') as entity, coalesce(parent ->> 'external_id', '') as name,
          '' as detail
        from jsonb_array_elements(${listOf('parents')}) parent where p.kind = 'missing_parent'
        union
        select 'invalid_field', p.entity, coalesce(${path}, ''), coalesce(problem ->> 'rule', '') || ' (found ' || coalesce(problem ->> 'found', '') || ')'
        from jsonb_array_elements(${listOf('problems')}) problem where p.kind = 'invalid_record'
        union
        select k, case when k in ('unavailable', 'unauthorized', 'session') then '' else p.entity end,
          case k when 'unavailable' then ${failure} when 'silent_look_up' then ${silent}
            when 'delete_brake' then coalesce(p.external_id, '') else '' end,
          case k when 'broken_run' then p.message else '' end
        from (select case
          when p.kind like 'run_%' then 'broken_run'
          when p.kind = 'unavailable' and p.details ->> 'session' = 'true' then 'session'
          when p.kind = 'unavailable' and p.external_id is not null then 'silent_look_up'
          else p.kind end as k) as k
        where p.kind not in ('missing_parent', 'invalid_record')
      ) c
    ), grouped as (
      select kind, entity, name, detail, count(*)::int as problems,
        json_build_object('healed', count(*) filter (where status = 'healed'), 'waiting', count(*) filter (where status = 'waiting'),
          'needs_look', count(*) filter (where status = 'needs_look'), 'closed', count(*) filter (where status = 'closed')) as now,
        count(*) filter (where status = 'needs_look') as urgent, min(at) as first_at, max(at) as last_at,
        array_agg(distinct of_entity) as entities, (array_agg(key order by at desc, key desc))[1] as newest
      from caused group by kind, entity, name, detail
    ), first as (
      select * from grouped order by urgent desc, problems desc, last_at desc, kind, entity, name limit ${limit}
    )
    select
      (select json_agg(to_jsonb(f) - 'urgent' - 'newest' || jsonb_build_object(
        'message', n.message, 'details', n.details, 'run_id', n.run_id, 'resolution', n.resolution, 'records', coalesce(r.records, '[]')
      ) order by f.urgent desc, f.problems desc, f.last_at desc, f.kind, f.entity, f.name)
      from first f join problems n on n.key = f.newest
      left join lateral (
        select jsonb_agg(jsonb_build_object('entity', of_entity, 'external_id', external_id)) as records
        from (select of_entity, external_id from caused c
          where (c.kind, c.entity, c.name, c.detail) = (f.kind, f.entity, f.name, f.detail) and c.external_id is not null
            and c.kind <> 'delete_brake'
          group by of_entity, external_id
          order by min(array_position(array['needs_look', 'waiting', 'closed', 'healed'], status)), min(at), external_id
          limit ${RECORDS}) sample) r on true) as causes,
      (select json_agg(json_build_object('kind', kind, 'causes', causes, 'problems', problems))
        from (select kind, count(*) as causes, sum(problems) as problems from grouped group by kind) a) as all`.execute(
    db,
  );
  return { causes: (rows[0]?.causes ?? []).map(withDates), all: rows[0]?.all ?? [] };
}

type Stored = Omit<DayCause, 'first_at' | 'last_at'> & { first_at: string; last_at: string };

/** JSON has no times. */
function withDates(cause: Stored): DayCause {
  return { ...cause, first_at: new Date(cause.first_at), last_at: new Date(cause.last_at) };
}
