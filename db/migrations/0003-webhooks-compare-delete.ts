import { type Kysely, sql } from 'kysely';

const statements = [
  // A comparison is a run too: its pages go through the same queues, so that the vendor's budget holds.
  'alter table sync_log drop constraint sync_log_trigger_check',
  `alter table sync_log add constraint sync_log_trigger_check
    check (trigger in ('schedule', 'manual', 'webhook', 'requeue', 'compare'))`,
  // The events of one account and entity share one run while it is open.
  `create unique index sync_log_one_webhook on sync_log (source, account, entity)
    where status = 'running' and trigger = 'webhook'`,
  // The attempt whose request has gone out: what changes at the vendor after that needs another one.
  'alter table sync_pages add column begun integer not null default 0',

  // What a comparison has seen at the vendor, kept as long as the run's pages. No foreign key: it would be checked for each
  // of a hundred thousand rows, and runs are never deleted.
  `create table compare_seen (
    run_id uuid not null,
    external_id text not null,
    page text not null,
    times integer not null,
    verdict text not null
      constraint compare_seen_verdict_check check (verdict in ('same', 'missing', 'different', 'kept_out')),
    reason text,
    landed boolean not null default false,
    fields text[],
    primary key (run_id, external_id, page)
  )`,
  `create index compare_seen_findings_idx on compare_seen (run_id, verdict, external_id) where verdict <> 'same'`,

  // When the source had the record, asked for it by its id: a list is not always all there is.
  'alter table source_records add column found_at timestamptz',

  // Records that an operator has deleted and that no sync may bring back.
  `create table kept_out (
    source text not null,
    scope text not null,
    entity text not null,
    external_id text not null,
    at timestamptz not null default now(),
    actor text not null,
    primary key (source, entity, external_id, scope)
  )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
