import { sql } from 'kysely';
import type { Db } from '../connection.ts';

export interface ChartFilter {
  source?: string | undefined;
  account?: string | undefined;
  entity?: string | undefined;
}

/** A stretch of time and the length of its parts. */
export interface ChartSpan {
  /** Whole, back from now. */
  seconds: number;
  bucketSeconds: number;
}

/** Records of the runs that ended in this part; of those still going what they have so far. */
export interface RecordPoint {
  at: Date;
  fetched: number;
  /** Inserted or updated. */
  written: number;
  requests: number;
}

/** Runs of listings that ended in this part, in seconds. */
export interface DurationPoint {
  at: Date;
  runs: number;
  failed: number;
  median_s: number | null;
  longest_s: number | null;
}

export interface IssuePoint {
  at: Date;
  opened: number;
  resolved: number;
}

/** A run ends some time after it began; those that take longer than this are missing at the left edge of a chart. */
const LONGEST_RUN_HOURS = 24;

const isAsked = ({ source, account, entity }: ChartFilter) => sql`
  (${source ?? null}::text is null or source = ${source ?? null})
  and (${account ?? null}::text is null or account = ${account ?? null})
  and (${entity ?? null}::text is null or entity = ${entity ?? null})`;

const buckets = ({ seconds, bucketSeconds }: ChartSpan) => sql`
  b as (select at from generate_series(${bucketOf(bucketSeconds, sql`now() - make_interval(secs => ${seconds})`)},
    now(), make_interval(secs => ${bucketSeconds})) as t (at))`;

function bucketOf(bucketSeconds: number, at: ReturnType<typeof sql>) {
  return sql`date_bin(make_interval(secs => ${bucketSeconds}), ${at}, 'epoch'::timestamptz)`;
}

/** Every part of the span has its point, also where nothing was. */
export async function readRunCharts(
  db: Db,
  filter: ChartFilter,
  span: ChartSpan,
): Promise<(RecordPoint & DurationPoint)[]> {
  const { seconds, bucketSeconds } = span;
  const { rows } = await sql<RecordPoint & DurationPoint>`
    with ${buckets(span)}, r as (
      select ${bucketOf(bucketSeconds, sql`coalesce(finished_at, heartbeat_at)`)} as at, fetched, inserted + updated as written,
        requests, status, trigger, extract(epoch from finished_at - started_at)::float8 as took
      from sync_log
      where started_at > now() - make_interval(secs => ${seconds}, hours => ${LONGEST_RUN_HOURS}) and trigger <> 'compare'
        and ${isAsked(filter)}
    ), summed as (
      select at, sum(fetched)::int as fetched, sum(written)::int as written, sum(requests)::int as requests,
        count(took) filter (where trigger in ('schedule', 'manual'))::int as runs,
        count(*) filter (where status = 'failed')::int as failed,
        percentile_cont(0.5) within group (order by took) filter (where trigger in ('schedule', 'manual')) as median_s,
        max(took) filter (where trigger in ('schedule', 'manual')) as longest_s
      from r group by at
    )
    select b.at, coalesce(fetched, 0) as fetched, coalesce(written, 0) as written, coalesce(requests, 0) as requests,
      coalesce(runs, 0) as runs, coalesce(failed, 0) as failed, median_s, longest_s
    from b left join summed using (at) order by b.at`.execute(db);
  return rows;
}

export async function readIssueCharts(db: Db, filter: ChartFilter, span: ChartSpan): Promise<IssuePoint[]> {
  const { seconds, bucketSeconds } = span;
  const since = sql`now() - make_interval(secs => ${seconds})`;
  const { rows } = await sql<IssuePoint>`
    with ${buckets(span)}, o as (
      select ${bucketOf(bucketSeconds, sql`opened_at`)} as at, count(*)::int as opened from sync_issues
      where opened_at > ${since} and ${isAsked(filter)} group by 1
    ), c as (
      select ${bucketOf(bucketSeconds, sql`resolved_at`)} as at, count(*)::int as resolved from sync_issues
      where resolved_at > ${since} and ${isAsked(filter)} group by 1
    )
    select b.at, coalesce(opened, 0) as opened, coalesce(resolved, 0) as resolved
    from b left join o using (at) left join c using (at) order by b.at`.execute(db);
  return rows;
}
