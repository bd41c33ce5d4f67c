import { type Kysely, sql } from 'kysely';

const statements = [
  // Messages to operators, one row for each way it is sent. The key makes it one message, however many processes want it.
  `create table notices (
    id uuid primary key default gen_random_uuid(),
    kind text not null constraint notices_kind_check check (kind in ('digest', 'red', 'recovered')),
    key text not null,
    channel text not null constraint notices_channel_check check (channel in ('email', 'telegram')),
    details jsonb not null,
    created_at timestamptz not null default clock_timestamp(),
    -- Of the job that sends it; nobody makes another one before that time.
    turn integer not null default 0,
    not_before timestamptz not null default clock_timestamp(),
    sent_at timestamptz,
    given_up_at timestamptz,
    last_error text,
    constraint notices_once unique (kind, key, channel)
  )`,
  `create index notices_unsent_idx on notices (not_before) where sent_at is null and given_up_at is null`,

  // How an account stood when it was looked at last, and whether its red has been told.
  `create table account_lights (
    source text not null,
    account text not null,
    light text not null constraint account_lights_light_check check (light in ('green', 'amber', 'red', 'grey')),
    since timestamptz not null,
    told_red_at timestamptz,
    primary key (source, account)
  )`,

  // For what counts the runs that have finished since it last looked.
  'create index sync_log_finished_idx on sync_log (finished_at) where finished_at is not null',
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
