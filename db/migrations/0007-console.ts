import { type Kysely, sql } from 'kysely';

/** What the console shows and does, without reading large tables as a whole. */
const statements = [
  // How many rows each entity has. Changes are only ever added, so that nobody waits for anybody; the sweep sums them up.
  `create table row_counts (
    source text not null,
    account text not null,
    entity text not null,
    rows bigint not null,
    primary key (source, account, entity)
  )`,
  `create table row_changes (
    source text not null,
    account text not null,
    entity text not null,
    change integer not null
  )`,
  `insert into row_counts (source, account, entity, rows)
    select source, account, entity, count(*) from external_refs group by source, account, entity`,

  // Requests that have gone out, in spans of some seconds; kept for an hour.
  `create table vendor_requests (
    source text not null,
    account text not null,
    rate_class text not null,
    at timestamptz not null,
    requests integer not null,
    primary key (at, source, account, rate_class)
  )`,

  // What an operator has stopped. Without an entity: the whole account.
  `create table pauses (
    source text not null,
    account text not null,
    entity text,
    at timestamptz not null default clock_timestamp(),
    actor text not null,
    reason text
  )`,
  `create unique index pauses_one on pauses (source, account, coalesce(entity, ''))`,

  // What an operator has put back into the line, so that its receipt can be read later on. The id is that of the audit log.
  `create table requeues (
    id bigint primary key references audit_log (id),
    source text not null,
    refetch boolean not null,
    runs uuid[] not null,
    -- Ids that nothing is known by.
    unknown text[] not null
  )`,
  `create table requeue_records (
    requeue_id bigint not null references requeues (id) on delete cascade,
    n integer not null,
    scope text not null,
    entity text not null,
    external_id text not null,
    account text not null,
    -- As it stood, and what was to become of it.
    before text not null,
    step text not null,
    primary key (requeue_id, n)
  )`,

  // An issue that an operator has dismissed stays closed while its record comes as it was.
  `alter table sync_issues add column dismissed_hash text`,
  // Issues with one cause have one hash: of the parent that is gone, the field and the rule, or the account that does not answer.
  `alter table sync_issues add column cause text not null generated always as (md5(source || chr(31) || kind || chr(31) || case
      when kind = 'missing_parent' and details -> 'parents' -> 0 is not null then
        coalesce(details -> 'parents' -> 0 ->> 'scope', account) || chr(31)
        || coalesce(details -> 'parents' -> 0 ->> 'entity', '') || chr(31)
        || coalesce(details -> 'parents' -> 0 ->> 'external_id', '')
      when kind = 'invalid_record' and details -> 'problems' -> 0 is not null then
        entity || chr(31) || coalesce(details -> 'problems' -> 0 ->> 'field', '') || chr(31)
        || coalesce(details -> 'problems' -> 0 ->> 'rule', '')
      else account || chr(31) || entity end)) stored`,
  `create index sync_issues_cause_idx on sync_issues (cause, id)`,
  `create index sync_issues_open_causes_idx on sync_issues (cause, id) include (source, account, entity, external_id, kind, opened_at)
    where resolved_at is null`,
  `create index sync_issues_run_idx on sync_issues (run_id) where run_id is not null`,
  `create index sync_issues_opened_idx on sync_issues (opened_at)`,
  `create index sync_issues_resolved_idx on sync_issues (resolved_at) where resolved_at is not null`,
  // Quarantined records have an issue that is open or dismissed.
  `create index sync_issues_invalid_idx on sync_issues (source, entity, external_id)
    where kind = 'invalid_record' and (resolved_at is null or dismissed_hash is not null)`,

  `create index sync_log_started_idx on sync_log (started_at desc, id desc)`,
  `create index sync_log_unwell_idx on sync_log (started_at desc, id desc) where status in ('partial', 'failed')`,
  `create index sync_log_pending_idx on sync_log (source, account, entity) where pending > 0`,
  // The newest run that has read everything; see db/runs/broken-off.ts.
  `create index sync_log_complete_idx on sync_log (source, account, entity, started_at desc)
    where trigger in ('schedule', 'manual') and period is null and status in ('succeeded', 'partial') and pages_failed = 0
      and error is null`,

  // Staff knows a booking by its number.
  `create index bookings_number_idx on bookings (number) where number is not null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
