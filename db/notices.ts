import { sql } from 'kysely';
import type { Db } from './connection.ts';
import { jsonText } from './json.ts';

export type NoticeKind = 'digest' | 'red' | 'recovered';
export type Channel = 'email' | 'telegram';

export interface NewNotice {
  kind: NoticeKind;
  /** Makes it one message: a second notice of the same kind and key is none. */
  key: string;
  /** Lights, reasons and counts; nothing personal. */
  details: unknown;
}

export type Notice = NewNotice & { id: string; channel: Channel; created_at: Date };

/** What nobody could send for so long is old news. */
const WORTH_HOURS = 24;
const KEEP_DAYS = 90;

/** Writes down messages to be sent, one for each way. */
export async function addNotices(db: Db, notices: readonly NewNotice[], channels: readonly Channel[]): Promise<void> {
  for (const { kind, key, details } of notices)
    await sql`
      insert into notices (kind, key, details, channel)
      select ${kind}, ${key}, ${jsonText(details)}::jsonb, channel from unnest(${[...channels]}::text[]) channel
      on conflict on constraint notices_once do nothing`.execute(db);
}

/**
 * Takes what is to be sent, for a job each; nobody else gets it for so long. Forgets what is old, and gives up what has been
 * waiting for a day.
 */
export async function takeNotices(db: Db, leaseMs: number): Promise<{ id: string; turn: number }[]> {
  await sql`delete from notices where created_at < now() - make_interval(days => ${KEEP_DAYS})`.execute(db);
  await sql`update notices set given_up_at = clock_timestamp()
    where sent_at is null and given_up_at is null and created_at < now() - make_interval(hours => ${WORTH_HOURS})`.execute(
    db,
  );
  const { rows } = await sql<{ id: string; turn: number }>`
    update notices set turn = turn + 1, not_before = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
    where sent_at is null and given_up_at is null and not_before <= clock_timestamp()
    returning id, turn`.execute(db);
  return rows;
}

/** The notice of a job; undefined when it has been sent or given up, or when another job has got it. */
export async function readNotice(db: Db, id: string, turn: number): Promise<Notice | undefined> {
  const { rows } = await sql<Notice>`
    select id, kind, key, channel, details, created_at from notices
    where id = ${id}::uuid and turn = ${turn} and sent_at is null and given_up_at is null`.execute(db);
  return rows[0];
}

/** Messages of the last day that have not been sent: those that are tried again, and those that were refused. */
export async function countUnsentNotices(db: Db): Promise<number> {
  const { rows } = await sql<{ unsent: number }>`
    select count(*)::int as unsent from notices
    where sent_at is null and created_at > now() - make_interval(hours => ${WORTH_HOURS})`.execute(db);
  return rows[0]?.unsent ?? 0;
}

export async function noticeSent(db: Db, id: string): Promise<void> {
  await sql`update notices set sent_at = clock_timestamp(), last_error = null where id = ${id}::uuid`.execute(db);
}

/** It could not be sent: tried again after a while, or never when `forGood`. */
export async function noticeFailed(
  db: Db,
  id: string,
  { error, forGood, againMs }: { error: string; forGood: boolean; againMs: number },
): Promise<void> {
  await sql`update notices set last_error = ${error}, given_up_at = case when ${forGood} then clock_timestamp() end,
    not_before = clock_timestamp() + make_interval(secs => ${againMs / 1000}) where id = ${id}::uuid and sent_at is null`.execute(
    db,
  );
}
