import { sql } from 'kysely';
import type { Db } from './connection.ts';

/** Whose turn it is: one account of one source. */
export interface SessionKey {
  source: string;
  account: string;
}

export interface StoredSession {
  token: string;
  expiresAt: Date;
}

/**
 * Takes the account's lock for the length of `work`, on one connection of its own that PostgreSQL ends with our process;
 * undefined when somebody else has it.
 */
export async function withAccountLock<T>(
  db: Db,
  { source, account }: SessionKey,
  work: (db: Db) => Promise<T>,
): Promise<{ result: T } | undefined> {
  const key = sql`hashtextextended(${`turn ${source} ${account}`}, 0)`;
  return db.connection().execute(async (locked) => {
    const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_lock(${key}) as mine`.execute(locked);
    if (!rows[0]?.mine) return undefined;
    try {
      return { result: await work(locked) };
    } finally {
      // On a broken connection the lock is gone already.
      await sql`select pg_advisory_unlock(${key})`.execute(locked).catch(() => {});
    }
  });
}

/** The session that is open at the vendor, and how long it may still be at work on a request that nobody waits for. */
export async function readSession(
  db: Db,
  { source, account }: SessionKey,
): Promise<{ session: StoredSession | null; busyMs: number }> {
  const { rows } = await sql<{ token: string | null; expires_at: Date | null; busy_ms: number }>`
    select token, expires_at,
      greatest(0, extract(epoch from busy_until - clock_timestamp()) * 1000)::float8 as busy_ms
    from source_sessions where source = ${source} and account = ${account}`.execute(db);
  const row = rows[0];
  const session = row?.token && row.expires_at ? { token: row.token, expiresAt: row.expires_at } : null;
  return { session, busyMs: row?.busy_ms ?? 0 };
}

export async function writeSession(
  db: Db,
  { source, account }: SessionKey,
  session: StoredSession | null,
): Promise<void> {
  await sql`
    insert into source_sessions (source, account, token, expires_at, opened_at)
    values (${source}, ${account}, ${session?.token ?? null}, ${session?.expiresAt ?? null}, clock_timestamp())
    on conflict (source, account) do update set token = excluded.token, expires_at = excluded.expires_at,
      opened_at = excluded.opened_at, used_at = clock_timestamp()`.execute(db);
}

/** A request has gone out, or (0) been answered. */
export async function writeBusy(db: Db, { source, account }: SessionKey, forMs: number): Promise<void> {
  await sql`
    insert into source_sessions as s (source, account, busy_until)
    values (${source}, ${account}, case when ${forMs}::float8 > 0 then clock_timestamp() + ${forMs}::float8 * interval '1 millisecond' end)
    on conflict (source, account) do update set busy_until = excluded.busy_until, used_at = clock_timestamp()`.execute(
    db,
  );
}

/** Accounts with a session that nobody has used for so long, also one that a dead process left. */
export async function idleSessions(db: Db, source: string, idleMs: number): Promise<string[]> {
  const { rows } = await sql<{ account: string }>`
    select account from source_sessions where source = ${source} and token is not null
      and coalesce(busy_until, '-infinity') <= clock_timestamp()
      and used_at <= clock_timestamp() - ${idleMs}::float8 * interval '1 millisecond'`.execute(db);
  return rows.map((row) => row.account);
}

/** Whether a session is open. */
export async function hasSession(db: Db, { source, account }: SessionKey): Promise<boolean> {
  const { rows } = await sql`
    select from source_sessions where source = ${source} and account = ${account} and token is not null`.execute(db);
  return rows.length > 0;
}
