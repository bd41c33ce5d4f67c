import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import { type Trx, transaction } from '../transaction.ts';
import { insertPages } from './pages.ts';
import { addRecordPages } from './record-pages.ts';
import { type StayRange, staysIn } from './stays.ts';

export type RunMode = 'incremental' | 'full';
export type RunStatus = 'running' | 'succeeded' | 'partial' | 'failed';
export type RunTrigger = 'schedule' | 'manual' | 'webhook' | 'requeue' | 'compare';

export interface RunRequest {
  source: string;
  account: string;
  entity: string;
  mode: RunMode;
  trigger: RunTrigger;
  /** Days somebody asked for; such a run stands for no other. */
  period?: { from: string; to: string } | null | undefined;
  hotSet?: boolean | undefined;
  /** Deletes are not held by the brake. */
  confirmDeletes?: boolean | undefined;
}

/** What a run begins with. */
export interface FirstPages {
  pages: readonly string[];
  /** Pages of the hot set. */
  hot?: readonly string[];
  /** Set for a listing of bare ids: what earlier runs have listed and not read is read by this one. */
  idsOnly?: boolean;
  /** Rows here that are read again with the hot set. */
  stays?: StayRange | undefined;
}

export interface OpenedRun {
  runId: string;
  opened: boolean;
  /** The run that is going reads a period only, so it stands for no other. */
  period: boolean;
  /** Records to be read by their id, one page of the run each. */
  records: string[];
}

/**
 * Opens a run with its first pages, or answers with the one that is still going (a listing is never run twice at once; the
 * database's unique index decides, whoever asks).
 */
export async function openRun(db: Db, request: RunRequest, first: FirstPages): Promise<OpenedRun> {
  const { source, account, entity, mode, trigger, period, hotSet = false, confirmDeletes = false } = request;
  const days = period ? `${period.from}..${period.to}` : null;
  return transaction(db, async (trx) => {
    const { rows } = await sql<{ id: string }>`
      insert into sync_log (source, account, entity, mode, trigger, period, hot_set, confirm_deletes)
      values (${source}, ${account}, ${entity}, ${mode}, ${trigger}, ${days}, ${hotSet}, ${confirmDeletes})
      on conflict (source, account, entity) where status = 'running' and trigger in ('schedule', 'manual') do nothing
      returning id`.execute(trx);
    const opened = rows[0];
    if (opened) {
      const { records, pages } = await insertFirst(trx, opened.id, request, first);
      await sql`update sync_log set pages_open = ${pages + records.length} where id = ${opened.id}::uuid`.execute(trx);
      return { runId: opened.id, opened: true, period: days !== null, records };
    }
    const running = await sql<{ id: string; period: string | null }>`
      select id, period from sync_log where source = ${source} and account = ${account} and entity = ${entity}
        and status = 'running' and trigger in ('schedule', 'manual')`.execute(trx);
    // Closed between the two statements: the caller may ask again.
    const [going] = running.rows;
    return { runId: going?.id ?? '', opened: false, period: (going?.period ?? null) !== null, records: [] };
  });
}

async function insertFirst(
  trx: Trx,
  runId: string,
  { source, account, entity }: RunRequest,
  { pages, hot = [], idsOnly = false, stays }: FirstPages,
): Promise<{ pages: number; records: string[] }> {
  const listed = await insertPages(trx, runId, pages);
  const hotter = await insertPages(trx, runId, hot, { hot: true });
  const count = listed.length + hotter.length;
  if (!idsOnly) return { pages: count, records: [] };
  const unread = await addRecordPages(
    trx,
    runId,
    sql`select external_id from source_records where source = ${source} and entity = ${entity} and account = ${account}
      and payload is null and state = 'listed' and trail is null`,
  );
  const staying = stays ? await addRecordPages(trx, runId, staysIn(stays, { source, account }), { hot: true }) : [];
  return { pages: count, records: [...unread, ...staying] };
}
