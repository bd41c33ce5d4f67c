import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { EntityDefinition } from '../../sources/define-source.ts';
import { type Applied, applyLocked, releaseWaitersOf } from '../apply/apply-records.ts';
import type { ApplyTarget } from '../apply/target.ts';
import type { Db } from '../connection.ts';
import { type Landing, type LandingResult, writeLanding } from '../landing/land-records.ts';
import { repeatable, type Trx, transaction } from '../transaction.ts';
import { addToRuns, type RunState, tally } from './ledger.ts';

export interface OpenPage {
  mode: 'incremental' | 'full';
  trigger: string;
  /** Records this run has handed on so far. */
  fannedOut: number;
  attempt: number;
  /** Database clock: what a payload requested now is dated with. */
  now: Date;
}

/** A page that still has to be fetched; undefined when it is done, failed, or its run is over: then a late job does nothing. */
export async function readOpenPage(db: Db, runId: string, page: string): Promise<OpenPage | undefined> {
  const { rows } = await sql<OpenPage>`
    select r.mode, r.trigger, r.fanned_out as "fannedOut", p.attempt, clock_timestamp() as now
    from sync_log r join sync_pages p on p.run_id = r.id
    where r.id = ${runId}::uuid and p.page = ${page} and p.state = 'queued' and r.status = 'running'`.execute(db);
  return rows[0];
}

/** A lane of a numbered listing ends after this many pages in a row that only repeat others. */
const BARREN_PAGES = 2;

export interface FetchedPage {
  token: string;
  /** Tokens of the pages to come. */
  next: readonly string[];
  /** Of the rows of the page, as they came. */
  ids: readonly string[];
}

export type LandedPage = LandingResult & Omit<Applied, 'outcomes'> & { next: string[]; runs: RunState[] };

/**
 * Lands a fetched page and what follows from it in one transaction: the records, the page's state, the pages to come, the
 * ledger. With `apply` what is new or changed is applied in the same transaction, so that each row is written once and no
 * payload is read back; then nothing is left in `landed`. Undefined when somebody else has landed the page already.
 */
export async function landPage(
  db: Db,
  landing: Landing & { runId: string },
  { token, next, ids }: FetchedPage,
  apply?: { target: ApplyTarget; entity: EntityDefinition },
): Promise<LandedPage | undefined> {
  const distinct = [...new Set(ids)].sort();
  const idsHash = distinct.length > 0 ? hash('md5', distinct.join('\n'), 'base64url') : null;
  const landed = await repeatable(db, async (trx) => {
    const done = await finishPage(trx, landing.runId, { token, rows: ids.length, ids: distinct, idsHash, next });
    if (!done) return undefined;
    const following = done.barren >= BARREN_PAGES ? [] : await insertPages(trx, landing.runId, next, done);
    const progress = { ...landing.progress, pages_done: 1, pages_open: following.length - 1 };
    const { changes, ...result } = await writeLanding(trx, { ...landing, progress, applies: apply !== undefined });
    const applied = apply && (await applyLanded(trx, apply, landing, result));
    const ledger = tally(changes);
    for (const [run, deltas] of applied?.changes ?? []) ledger.add(run, deltas);
    return { ...result, applied, next: following, runs: await addToRuns(trx, ledger.changes) };
  });
  if (!landed) return undefined;
  const { applied, ...result } = landed;
  if (!apply || !applied) return { ...result, upserts: [], wanted: new Set() };
  await releaseWaitersOf(db, apply.target, apply.entity, landing.scope, applied);
  return { ...result, landed: [], upserts: applied.upserts, wanted: applied.wanted };
}

/** The payloads as they have just been landed; our transaction has their rows locked. */
async function applyLanded(
  trx: Trx,
  { target, entity }: { target: ApplyTarget; entity: EntityDefinition },
  { scope, account, runId }: Landing,
  { landed }: LandingResult,
) {
  const rows = landed.map(({ externalId, payload }) => ({
    external_id: externalId,
    account,
    payload,
    run_id: runId,
    waits_for: null,
    is_partial: false,
  }));
  return applyLocked(trx, target, entity, scope, rows, { landedApplied: true });
}

interface FinishedPage {
  token: string;
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
  { token, rows, ids, idsHash, next }: FinishedPage,
): Promise<PageTraits | undefined> {
  const done = await sql<PageTraits>`
    update sync_pages p set state = 'done', records = ${rows}, ids = ${ids}, ids_hash = ${idsHash}, next = ${next},
      changed_at = clock_timestamp(), error = null,
      barren = case when exists (select 1 from sync_pages o where o.run_id = p.run_id and o.ids_hash = ${idsHash})
        then p.barren + 1 else 0 end
    where run_id = ${runId}::uuid and page = ${token} and state = 'queued' returning barren, hot, kind`.execute(trx);
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
): Promise<{ runs: RunState[]; next: string[] }> {
  return transaction(db, async (trx) => {
    const { rows } = await sql<{ failed: number }>`
      update sync_pages set state = 'failed', error = ${error}, changed_at = clock_timestamp()
      where run_id = ${runId}::uuid and page = ${page} and state = 'queued'
      returning (select count(*)::int from sync_pages where run_id = ${runId}::uuid and state = 'failed') as failed`.execute(
      trx,
    );
    if (!rows[0]) return { runs: [], next: [] };
    const next = rows[0].failed + 1 >= FAILED_PAGES ? [] : await insertPages(trx, runId, after);
    await sql`update sync_log set error = coalesce(error, ${`page ${page}: ${error}`}) where id = ${runId}::uuid`.execute(
      trx,
    );
    const runs = await addToRuns(trx, new Map([[runId, { pages_failed: 1, pages_open: next.length - 1 }]]));
    return { runs, next };
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
    return addToRuns(trx, new Map([[runId, { pages_failed: failed, pages_open: -failed }]]));
  });
}
