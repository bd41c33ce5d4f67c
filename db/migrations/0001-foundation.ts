import { type Kysely, sql } from 'kysely';

/** Columns that every mirrored table has. */
const mirrored = `
  id uuid primary key,
  source text not null,
  account text not null,
  external_id text not null,
  additional_info jsonb not null default '{}',
  source_created_at timestamptz,
  source_updated_at timestamptz,
  synced_at timestamptz not null default now(),
  deleted_at timestamptz`;

const statements = [
  `create table clients (${mirrored},
    first_name text, last_name text, middle_name text,
    phone text, email text, birthday date, gender text, language text, address text, comment text, category text,
    document_type text, document_series text, document_number text,
    document_issued_at date, document_issued_by text, document_valid_until date,
    is_vip boolean, is_blacklisted boolean, is_foreigner boolean
  )`,
  `create table rooms (${mirrored},
    name text, category text, is_active boolean, area numeric(12,2), capacity integer, price numeric(12,2)
  )`,
  `create table cars (${mirrored},
    name text, category text, is_active boolean, plate text, vin text
  )`,
  `create table bookings (${mirrored},
    number text,
    client_id uuid constraint bookings_client_id_fkey references clients (id),
    client_external_id text,
    room_id uuid constraint bookings_room_id_fkey references rooms (id),
    room_external_id text,
    car_id uuid constraint bookings_car_id_fkey references cars (id),
    car_external_id text,
    status text not null constraint bookings_status_check check (status in
      ('pending', 'confirmed', 'checked_in', 'completed', 'cancelled', 'no_show', 'overbooked', 'blocked')),
    source_status text,
    check_in timestamptz, check_out timestamptz,
    guests integer, extra_guests integer,
    price numeric(12,2), paid numeric(12,2), deposit numeric(12,2), currency text,
    channel text, channel_number text, comment text, client_comment text
  )`,
  // Foreign keys without an index would make every delete or key change of a parent read the whole table.
  'create index bookings_client_id_idx on bookings (client_id)',
  'create index bookings_room_id_idx on bookings (room_id) where room_id is not null',
  'create index bookings_car_id_idx on bookings (car_id) where car_id is not null',
  'create index bookings_account_check_in_idx on bookings (source, account, check_in)',

  `create table external_refs (
    source text not null,
    scope text not null,
    entity text not null,
    external_id text not null,
    account text not null,
    entity_id uuid not null,
    -- In this order it also serves the look-up over all scopes.
    primary key (source, entity, external_id, scope)
  )`,

  // The landing. `state` is in no index on purpose: landing → applied is the hottest update there is and stays
  // heap-only (HOT) as long as it changes no indexed column.
  `create table source_records (
    source text not null,
    scope text not null,
    entity text not null,
    external_id text not null,
    account text not null,
    payload jsonb,
    payload_hash text,
    source_version text,
    fetched_at timestamptz not null default clock_timestamp(),
    run_id uuid,
    page text,
    state text not null constraint source_records_state_check check (state in
      ('listed', 'pending', 'applied', 'parked', 'quarantined', 'gone')),
    version integer not null default 1,
    is_partial boolean not null default false,
    waits_for text[],
    attempts integer not null default 0,
    last_error text,
    applied_at timestamptz,
    deleted_at timestamptz,
    due_at timestamptz,
    trail jsonb,
    replaced_run_id uuid,
    replaced_state text,
    primary key (source, entity, external_id, scope)
  ) with (fillfactor = 70, toast_tuple_target = 256)`,
  // Rows above 2 kB (the usual booking) keep their payload beside the row, uncompressed: changing the state then moves
  // 200 bytes, and stays heap-only.
  'alter table source_records alter payload set storage external',
  'alter table bookings alter additional_info set storage external',
  'create index source_records_run_id_idx on source_records (run_id, page) where run_id is not null',
  'create index source_records_due_at_idx on source_records (due_at) where due_at is not null',
  'create index source_records_waits_for_idx on source_records using gin (waits_for) where waits_for is not null',
  'create index source_records_waiting_run_idx on source_records (run_id) where waits_for is not null',

  `create table sync_log (
    id uuid primary key default gen_random_uuid(),
    source text not null,
    account text not null,
    entity text not null,
    mode text not null constraint sync_log_mode_check check (mode in ('incremental', 'full')),
    trigger text not null constraint sync_log_trigger_check check (trigger in ('schedule', 'manual', 'webhook', 'requeue')),
    status text not null default 'running'
      constraint sync_log_status_check check (status in ('running', 'succeeded', 'partial', 'failed')),
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    heartbeat_at timestamptz not null default now(),
    fetched integer not null default 0,
    inserted integer not null default 0,
    updated integer not null default 0,
    unchanged integer not null default 0,
    stale integer not null default 0,
    parked integer not null default 0,
    quarantined integer not null default 0,
    pending integer not null default 0,
    deleted integer not null default 0,
    requests integer not null default 0,
    fanned_out integer not null default 0,
    pages_open integer not null default 0,
    pages_done integer not null default 0,
    pages_failed integer not null default 0,
    error text
  )`,
  // One run at a time per source, account and entity. A re-queue is not a listing and may run beside one.
  `create unique index sync_log_one_running on sync_log (source, account, entity)
    where status = 'running' and trigger in ('schedule', 'manual')`,
  'create index sync_log_recent_idx on sync_log (source, account, entity, started_at desc)',
  `create index sync_log_running_idx on sync_log (heartbeat_at) where status = 'running'`,

  `create table sync_pages (
    run_id uuid not null references sync_log (id) on delete cascade,
    page text not null,
    state text not null default 'queued'
      constraint sync_pages_state_check check (state in ('queued', 'done', 'failed')),
    attempt integer not null default 1,
    barren integer not null default 0,
    records integer,
    ids text[],
    ids_hash text,
    changed_at timestamptz not null default now(),
    error text,
    primary key (run_id, page)
  )`,
  'create index sync_pages_ids_hash_idx on sync_pages (run_id, ids_hash) where ids_hash is not null',

  `create table sync_issues (
    id bigint generated always as identity primary key,
    opened_at timestamptz not null default now(),
    resolved_at timestamptz,
    source text not null,
    account text not null,
    entity text not null,
    external_id text,
    kind text not null constraint sync_issues_kind_check check (kind in
      ('missing_parent', 'invalid_record', 'rejected', 'unauthorized', 'unavailable', 'delete_brake')),
    message text not null,
    details jsonb not null default '{}',
    attempts integer not null default 1,
    resolution text,
    run_id uuid
  )`,
  `create unique index sync_issues_one_open on sync_issues (source, account, entity, coalesce(external_id, ''), kind)
    where resolved_at is null`,
  `create index sync_issues_record_idx on sync_issues (source, entity, external_id)`,

  `create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor text not null,
    action text not null,
    target text not null,
    details jsonb not null default '{}'
  )`,

  // Where a missing parent was found, seen from the account that asked: the order in which the next one is looked for.
  `create table lookup_hits (
    source text not null,
    entity text not null,
    asked_account text not null,
    found_account text not null,
    hits integer not null default 1,
    primary key (source, entity, asked_account, found_account)
  )`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
