import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import type { Trx } from '../transaction.ts';

/** A page whose job has to be sent out, and the number that makes the job's id its own. */
export interface AskedPage {
  page: string;
  attempt: number;
}

/**
 * Opens record pages of a run, also those that it has had before. A page that is still to be fetched stays as it is and is not in
 * the answer; one whose request has gone out already is asked for once more, because the answer may be older than the wish.
 * `opened` counts those that are to be added to the run's `pages_open`.
 */
export async function askAgain(
  trx: Trx,
  runId: string,
  pages: readonly string[],
): Promise<{ asked: AskedPage[]; opened: number }> {
  const { rows: fresh } = await sql<AskedPage>`
    insert into sync_pages (run_id, page, kind) select ${runId}::uuid, page, 'record' from unnest(${pages}::text[]) as page order by page
    on conflict do nothing returning page, attempt`.execute(trx);
  const here = new Set(fresh.map(({ page }) => page));
  const known = pages.filter((page) => !here.has(page));
  if (known.length === 0) return { asked: fresh, opened: fresh.length };
  const { rows: again } = await sql<AskedPage & { opened: boolean }>`
    update sync_pages p set state = 'queued', attempt = p.attempt + 1, changed_at = clock_timestamp(), records = null,
      ids = null, ids_hash = null, error = null
    from (select page, state from sync_pages where run_id = ${runId}::uuid and page = any(${known}::text[])
      and (state <> 'queued' or begun >= attempt) order by page for update) as o
    where p.run_id = ${runId}::uuid and p.page = o.page
    returning p.page, p.attempt, o.state <> 'queued' as opened`.execute(trx);
  return {
    asked: [...fresh, ...again.map(({ page, attempt }) => ({ page, attempt }))],
    opened: fresh.length + again.filter(({ opened }) => opened).length,
  };
}

/** Its request goes out now: what changes at the vendor from here on is not in the answer. */
export async function beginPage(db: Db, runId: string, page: string, attempt: number): Promise<void> {
  await sql`update sync_pages set begun = attempt
    where run_id = ${runId}::uuid and page = ${page} and state = 'queued' and attempt <= ${attempt}`.execute(db);
}
