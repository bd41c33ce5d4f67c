import { type Kysely, sql } from 'kysely';

/** Lists of bare ids, cursors, the hot set, and deletes. */
const statements = [
  `alter table sync_log
    -- Days that somebody asked for ('2026-01-01..2026-01-31'): such a run has not read everything.
    add column period text,
    add column hot_set boolean not null default false,
    add column confirm_deletes boolean not null default false,
    -- Known records that a full listing has not got; null until it was looked for them.
    add column absent integer,
    -- Changes that the hot set found and the change list had not.
    add column missed integer not null default 0`,

  `alter table sync_pages
    add column kind text not null default 'list' constraint sync_pages_kind_check check (kind in ('list', 'record')),
    -- Asked for by the hot set only.
    add column hot boolean not null default false,
    -- The pages it was answered with: it is read to its end when they are.
    add column next text[]`,
  `update sync_pages set kind = 'record' where page like 'record %'`,

  // Records known by id only. Applying a record changes nothing of this, so it stays heap-only.
  `create index source_records_unread_idx on source_records (source, entity, account) where payload is null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
