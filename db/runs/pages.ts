import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { type Apply, applyLanding } from '../apply/apply-landing.ts';
import { type Applied, releaseWaitersOf } from '../apply/apply-records.ts';
import type { Db } from '../connection.ts';
import type { LandedRecord, Landing, LandingResult } from '../landing/land-records.ts';
import { buryVanished, type LandingSet, type SetPage } from '../landing/land-set.ts';
import { repeatable, type Trx, transaction } from '../transaction.ts';
import { type AskedPage, askAgain } from './ask-again.ts';
import { endWithRuns, type RunDeltas, type RunState, tally } from './ledger.ts';

export interface OpenPage {
  mode: 'incremental' | 'full';
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
  /** Tokens of the pages to come. */
  next: readonly string[];
  /** Of the rows of the page, as they came. */
  ids: readonly string[];
  /** Complete sets of other entities that came with it, parents first. */
  sets?: readonly LandingSet[];
  brake?: SetPage['brake'];
  /** The pages to come are fetched again when the run has had them before. */
  again?: boolean;
}

export interface LandedPage extends Omit<LandingResult, 'landed' | 'applies'>, Omit<Applied, 'outcomes'> {
  /** What has landed only; it is among the upserts. */
  landed: LandedRecord[];
  next: AskedPage[];
  runs: RunState[];
}

/**
 * Lands a fetched page and what follows from it in one transaction: the records, the page's state, the pages to come, the
 * ledger. With `apply` what is new or changed is applied in the same transaction; then nothing is left in `landed`. The
 * page's sets land with it, and what has left them gets its tombstone. Undefined when somebody else has landed the page
 * already. A page that was asked for again while it was being fetched stays open, whatever has come: its newer attempt is
 * still to be answered.
 */
export async function landPage(
  db: Db,
  landing: Landing & { runId: string },
  { token, attempt, next, ids, sets = [], brake = { percent: 0, rows: 0 }, again = false }: FetchedPage,
  apply?: Apply,
): Promise<LandedPage | undefined> {
  const { distinct, idsHash } = likenessOf(ids);
  const { runId } = landing;
  const rows = sets.reduce((sum, set) => sum + set.records.length, ids.length);
  const landed = await repeatable(db, async (trx) => {
    const done = await finishPage(trx, runId, { token, attempt, rows, ids: distinct, idsHash, next });
    if (!done && !(await isOpen(trx, runId, token))) return undefined;
    const following = done ? await openNext(trx, runId, next, done, again) : { asked: [], opened: 0 };
    const ledger = tally();
    const paged: RunDeltas = done ? { pages_done: 1, pages_open: following.opened - 1 } : {};
    ledger.add(runId, { ...landing.progress, ...paged });
    const { progress: _, ...plain } = landing;
    const parts = [await landPart(trx, ledger, plain, apply)];
    for (const { entity, scope, records } of sets) {
      const part = { ...plain, entity: entity.name, scope, records };
      parts.push(await landPart(trx, ledger, part, apply && { ...apply, entity }));
    }
    const page = { ...plain, token, brake };
    if (sets.length > 0) ledger.addAll(await buryVanished(trx, page, sets));
    return { parts, next: following.asked, runs: await endWithRuns(trx, ledger.changes) };
  });
  if (!landed) return undefined;
  return { ...(await together(db, landed.parts)), next: landed.next, runs: landed.runs };
}

interface LandedPart {
  scope: string;
  result: LandingResult;
  apply: Apply | undefined;
  applied: Applied;
}

async function landPart(
  trx: Trx,
  ledger: ReturnType<typeof tally>,
  landing: Landing & { runId: string },
  apply: Apply | undefined,
): Promise<LandedPart> {
  const { changes, ...done } = await applyLanding(trx, landing, apply);
  ledger.addAll(changes);
  return { scope: landing.scope, apply, ...done };
}

/** After the commit: waiters are released, and the parts are told of as one. */
async function together(db: Db, parts: readonly LandedPart[]): Promise<Omit<LandedPage, 'next' | 'runs'>> {
  const all: Omit<LandedPage, 'next' | 'runs'> = {
    fetched: 0,
    unchanged: 0,
    stale: 0,
    landed: [],
    upserts: [],
    wanted: new Set(),
  };
  for (const { scope, result, apply, applied } of parts) {
    all.fetched += result.fetched;
    all.unchanged += result.unchanged;
    all.stale += result.stale;
    if (!result.applies) all.landed.push(...result.landed);
    if (apply) await releaseWaitersOf(db, apply.target, apply.entity, scope, applied);
    all.upserts.push(...applied.upserts);
    for (const name of applied.wanted) all.wanted.add(name);
  }
  return all;
}

/** What tells that two pages hold the same records. */
export function likenessOf(ids: readonly string[]): { distinct: string[]; idsHash: string | null } {
  const distinct = [...new Set(ids)].sort();
  return { distinct, idsHash: distinct.length > 0 ? hash('md5', distinct.join('\n'), 'base64url') : null };
}

/** The pages that an answered one leads to. */
export async function openNext(
  trx: Trx,
  runId: string,
  next: readonly string[],
  done: PageTraits,
  again = false,
): Promise<{ asked: AskedPage[]; opened: number }> {
  if (done.barren >= BARREN_PAGES) return { asked: [], opened: 0 };
  if (again) return askAgain(trx, runId, next);
  const pages = await insertPages(trx, runId, next, done);
  return { asked: pages.map((page) => ({ page, attempt: 1 })), opened: pages.length };
}

async function isOpen(trx: Trx, runId: string, token: string): Promise<boolean> {
  const { rows } = await sql`select from sync_pages
    where run_id = ${runId}::uuid and page = ${token} and state = 'queued' for update`.execute(trx);
  return rows.length > 0;
}

export interface FinishedPage {
  token: string;
  /** Of the job that fetched it: one older than the page's own does not finish it. */
  attempt: number;
  rows: number;
  /** Distinct, sorted. */
  ids: readonly string[];
  /** Null for a page whose likeness to another one means nothing. */
  idsHash: string | null;
  next: readonly string[];
}

/** Marks a page as answered. Undefined when it has been already. */
export async function finishPage(
  trx: Trx,
  runId: string,
  { token, attempt, rows, ids, idsHash, next }: FinishedPage,
): Promise<PageTraits | undefined> {
  const done = await sql<PageTraits>`
    update sync_pages p set state = 'done', records = ${rows}, ids = ${ids}, ids_hash = ${idsHash}, next = ${next},
      changed_at = clock_timestamp(), error = null,
      barren = case when exists (select 1 from sync_pages o where o.run_id = p.run_id and o.ids_hash = ${idsHash})
        then p.barren + 1 else 0 end
    where run_id = ${runId}::uuid and page = ${token} and state = 'queued' and attempt <= ${attempt}
    returning barren, hot, kind`.execute(trx);
  return done.rows[0];
}

/** What a page hands down to those that follow from it. */
export interface PageTraits {
  barren: number;
  hot: boolean;
  kind: 'list' | 'record';
}

export async function insertPages(
  db: Db,
  runId: string,
  pages: readonly string[],
  { barren = 0, hot = false, kind = 'list' }: Partial<PageTraits> = {},
): Promise<string[]> {
  if (pages.length === 0) return [];
  const { rows } = await sql<{ page: string }>`
    insert into sync_pages (run_id, page, barren, hot, kind)
    select ${runId}::uuid, unnest(${pages}::text[]), ${barren}, ${hot}, ${kind}
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
    const next = rows[0].failed + 1 >= FAILED_PAGES ? [] : await insertPages(trx, runId, after);
    const run = await sql<{ trigger: string }>`
      update sync_log set error = coalesce(error, ${`page ${page}: ${error}`}) where id = ${runId}::uuid
      returning trigger`.execute(trx);
    const runs = await endWithRuns(trx, new Map([[runId, { pages_failed: 1, pages_open: next.length - 1 }]]));
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

/** With refused credentials every further record would be refused too: none of those left is asked for. */
export async function failRecordPages(db: Db, runId: string, error: string): Promise<RunState[]> {
  return transaction(db, async (trx) => {
    const { numAffectedRows } = await sql`
      update sync_pages set state = 'failed', error = ${error}, changed_at = clock_timestamp()
      where run_id = ${runId}::uuid and kind = 'record' and state = 'queued'`.execute(trx);
    const failed = Number(numAffectedRows ?? 0);
    return endWithRuns(trx, new Map([[runId, { pages_failed: failed, pages_open: -failed }]]));
  });
}
