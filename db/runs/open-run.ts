import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import { transaction } from '../transaction.ts';

export type RunMode = 'incremental' | 'full';
export type RunStatus = 'running' | 'succeeded' | 'partial' | 'failed';
export type RunTrigger = 'schedule' | 'manual' | 'webhook' | 'requeue' | 'compare';

export interface RunRequest {
  source: string;
  account: string;
  entity: string;
  mode: RunMode;
  trigger: RunTrigger;
}

/**
 * Opens a run with its first pages, or answers with the one that is still going (a listing is never run twice at once; the
 * database's unique index decides, whoever asks).
 */
export async function openRun(
  db: Db,
  request: RunRequest,
  pages: readonly string[],
): Promise<{ runId: string; opened: boolean }> {
  const { source, account, entity, mode, trigger } = request;
  return transaction(db, async (trx) => {
    const { rows } = await sql<{ id: string }>`
      insert into sync_log (source, account, entity, mode, trigger, pages_open)
      values (${source}, ${account}, ${entity}, ${mode}, ${trigger}, ${pages.length})
      on conflict (source, account, entity) where status = 'running' and trigger in ('schedule', 'manual') do nothing
      returning id`.execute(trx);
    const opened = rows[0];
    if (opened) {
      await sql`insert into sync_pages (run_id, page) select ${opened.id}::uuid, unnest(${pages}::text[])`.execute(trx);
      return { runId: opened.id, opened: true };
    }
    const running = await sql<{ id: string }>`
      select id from sync_log where source = ${source} and account = ${account} and entity = ${entity}
        and status = 'running' and trigger in ('schedule', 'manual')`.execute(trx);
    // Closed between the two statements: the caller may ask again.
    return { runId: running.rows[0]?.id ?? '', opened: false };
  });
}
