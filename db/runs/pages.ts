import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../connection.ts';
import { type Landing, type LandingResult, landRecords } from '../landing/land-records.ts';
import { type Trx, transaction } from '../transaction.ts';
import { type AskedPage, askAgain } from './ask-again.ts';
import { addToRuns, type RunDeltas, type RunState } from './ledger.ts';

export interface OpenPage {
  mode: string;
  trigger: string;
  /** Records this run has handed on so far. */
  fannedOut: number;
  attempt: number;
  /** Database clock: what a payload requested now is dated with. */
  now: Date;
}

/**
 * A page that still has to be fetched; undefined when it is done, failed, or its run is over: then a late job does nothing.
 * Nor does one whose page has been asked for again meanwhile: the job of the newer attempt does.
 */
export async function readOpenPage(
  db: Db,
  runId: string,
  page: string,
  attempt: number,
): Promise<OpenPage | undefined> {
  const { rows } = await sql<OpenPage>`
    select r.mode, r.trigger, r.fanned_out as "fannedOut", p.attempt, clock_timestamp() as now
    from sync_log r join sync_pages p on p.run_id = r.id
    where r.id = ${runId}::uuid and p.page = ${page} and p.state = 'queued' and p.attempt <= ${attempt}
      and r.status = 'running'`.execute(db);
  return rows[0];
}

/** A lane of a numbered listing ends after this many pages in a row that only repeat others. */
const BARREN_PAGES = 2;

/** A page that has been fetched. */
export interface FetchedPage {
  token: string;
  /** Of the job that fetched it. */
  attempt: number;
  next: readonly string[];
  ids: readonly string[];
  /** The pages to come are fetched again when the run has had them before. */
  again?: boolean;
}

/**
 * Lands a fetched page and what follows from it in one transaction: the records, the page's state, the pages to come, the
 * ledger. Undefined when somebody else has landed the page already.
 */
export async function landPage(
  db: Db,
  landing: Landing & { runId: string },
  page: FetchedPage,
): Promise<(LandingResult & { next: AskedPage[] }) | undefined> {
  return transaction(db, async (trx) => {
    const finished = await finishPage(trx, landing.runId, page);
    if (!finished) return undefined;
    const result = await landRecords(trx, { ...landing, progress: { ...landing.progress, ...finished.progress } });
    return { ...result, next: finished.next };
  });
}

/**
 * Marks a page done and opens those that follow from it; undefined when somebody else has. A page that was asked for again
 * while it was being fetched stays open, whatever has come: its newer attempt is still to be answered.
 */
export async function finishPage(
  trx: Trx,
  runId: string,
  { token, attempt, next, ids, again = false }: FetchedPage,
): Promise<{ next: AskedPage[]; progress: RunDeltas } | undefined> {
  const distinct = [...new Set(ids)].sort();
  const idsHash = distinct.length > 0 ? hash('md5', distinct.join('\n'), 'base64url') : null;
  const done = await sql<{ barren: number }>`
    update sync_pages p set state = 'done', records = ${ids.length}, ids = ${distinct}, ids_hash = ${idsHash},
      changed_at = clock_timestamp(), error = null,
      barren = case when exists (select 1 from sync_pages o where o.run_id = p.run_id and o.ids_hash = ${idsHash})
        then p.barren + 1 else 0 end
    where run_id = ${runId}::uuid and page = ${token} and state = 'queued' and attempt <= ${attempt} returning barren`.execute(
    trx,
  );
  if (!done.rows[0]) {
    const open = await sql`select from sync_pages
      where run_id = ${runId}::uuid and page = ${token} and state = 'queued' for update`.execute(trx);
    return open.rows.length > 0 ? { next: [], progress: {} } : undefined;
  }
  const { barren } = done.rows[0];
  if (barren >= BARREN_PAGES) return { next: [], progress: { pages_done: 1, pages_open: -1 } };
  const { asked, opened } = again
    ? await askAgain(trx, runId, next)
    : await insertPages(trx, runId, next, barren).then((pages) => ({
        asked: pages.map((page) => ({ page, attempt: 1 })),
        opened: pages.length,
      }));
  return { next: asked, progress: { pages_done: 1, pages_open: opened - 1 } };
}

export async function insertPages(db: Db, runId: string, pages: readonly string[], barren: number): Promise<string[]> {
  if (pages.length === 0) return [];
  const { rows } = await sql<{ page: string }>`
    insert into sync_pages (run_id, page, barren) select ${runId}::uuid, unnest(${pages}::text[]), ${barren}
    on conflict do nothing returning page`.execute(db);
  return rows.map((row) => row.page);
}

/** After this many pages that could not be fetched a run stops asking for more. */
const FAILED_PAGES = 3;

/** A page that could not be fetched: the run cannot turn green any more, but goes on with the pages after it. */
export async function failPage(
  db: Db,
  runId: string,
  page: string,
  error: string,
  after: readonly string[],
  attempt = 1,
): Promise<{ runs: RunState[]; next: string[]; trigger?: string }> {
  return transaction(db, async (trx) => {
    const { rows } = await sql<{ failed: number }>`
      update sync_pages set state = 'failed', error = ${error}, changed_at = clock_timestamp()
      where run_id = ${runId}::uuid and page = ${page} and state = 'queued' and attempt <= ${attempt}
      returning (select count(*)::int from sync_pages where run_id = ${runId}::uuid and state = 'failed') as failed`.execute(
      trx,
    );
    if (!rows[0]) return { runs: [], next: [] };
    const next = rows[0].failed + 1 >= FAILED_PAGES ? [] : await insertPages(trx, runId, after, 0);
    const run = await sql<{ trigger: string }>`
      update sync_log set error = coalesce(error, ${`page ${page}: ${error}`}) where id = ${runId}::uuid
      returning trigger`.execute(trx);
    const runs = await addToRuns(trx, new Map([[runId, { pages_failed: 1, pages_open: next.length - 1 }]]));
    return { runs, next, trigger: run.rows[0]?.trigger ?? '' };
  });
}

/** Another pass or a lost page: gives the page's job a new id. */
export async function requeuePage(db: Db, runId: string, page: string): Promise<number | undefined> {
  const { rows } = await sql<{ attempt: number }>`
    update sync_pages set attempt = attempt + 1 where run_id = ${runId}::uuid and page = ${page} and state = 'queued'
    returning attempt`.execute(db);
  return rows[0]?.attempt;
}
