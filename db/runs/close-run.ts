import { sql } from 'kysely';
import type { Listing, ListingSummary } from '../../sources/define-source.ts';
import { forgetTimes } from '../compare/store-seen.ts';
import type { Db } from '../connection.ts';
import { releaseBrake } from '../deletes/brake.ts';
import { type AbsencePolicy, lookForAbsent } from '../deletes/look-for-absent.ts';
import { awaited } from '../landed-of.ts';
import { type Trx, transaction } from '../transaction.ts';
import { addToRuns } from './ledger.ts';
import type { RunMode, RunStatus } from './open-run.ts';
import { insertPages } from './pages.ts';
import { recordPage } from './record-pages.ts';

/**
 * How long a run waits, after its last page, for the missing parents of its records before it closes as partial; they go
 * on healing after it.
 */
export const HEALING_PATIENCE_MINUTES = 15;

export type Closing =
  | { closed: true; status: Exclude<RunStatus, 'running'>; source: string; account: string; entity: string }
  /** Pages and records to ask for, when the run has to go on. */
  | { closed: false; pages: string[]; records: string[] };

/** What the source says of a listing's end. */
export interface ClosingRules {
  verify?: Listing['verify'];
  /** Set where a record that a full listing has not got may be deleted. */
  absence?: AbsencePolicy | undefined;
}

const NOT_YET: Closing = { closed: false, pages: [], records: [] };

interface RunRow {
  id: string;
  mode: RunMode;
  period: string | null;
  hot_set: boolean;
  confirm_deletes: boolean;
  absent: number | null;
  source: string;
  account: string;
  entity: string;
  trigger: string;
  pages_done: number;
  pages_failed: number;
  pages_open: number;
  pending: number;
  parked: number;
  quarantined: number;
  fetched: number;
  accounted: number;
  error: string | null;
  patient: boolean;
}

/**
 * Closes a run whose records are all in a terminal state. Green only when every page was fetched, nothing is parked or
 * quarantined, and the ledger balances. May answer with more pages, when the listing has to be read again to be trusted.
 */
export async function closeRun(db: Db, runId: string, { verify, absence }: ClosingRules): Promise<Closing> {
  return transaction(db, async (trx) => {
    const run = await lockRun(trx, runId);
    if (!run || run.pages_open > 0 || run.pending > 0) return NOT_YET;

    let error = run.error;
    if (verify && run.pages_failed === 0) {
      const verdict = await verify(await summarize(trx, runId));
      if ('more' in verdict) {
        // A page of the new pass that equals one of the old is no sign of the list's end.
        await sql`update sync_pages set ids_hash = null where run_id = ${runId}::uuid`.execute(trx);
        if (run.trigger === 'compare') await forgetTimes(trx, runId);
        const pages = await insertPages(trx, runId, verdict.more);
        await addToRuns(trx, new Map([[runId, { pages_open: pages.length }]]));
        return { closed: false, pages, records: [] };
      }
      if ('incomplete' in verdict) error ??= verdict.incomplete;
    }
    const full = run.mode === 'full' && run.period === null && run.trigger !== 'requeue';
    if (absence && full && run.absent === null && run.pages_failed === 0 && error === null) {
      const { records } = await lookForAbsent(trx, run, absence);
      if (records.length > 0) return { closed: false, pages: [], records };
      error = await errorOf(trx, runId);
    }
    if (run.parked > 0 && run.patient && (await isHealing(trx, runId))) return NOT_YET;
    if (run.fetched !== run.accounted) {
      error ??= `the ledger does not balance: ${run.fetched} fetched, ${run.accounted} accounted for. Please report this.`;
    }
    const status = statusOf(run, error);
    if (absence && full && run.pages_failed === 0 && error === null) await releaseBrake(trx, run, run.confirm_deletes);
    if (run.hot_set) await countMissed(trx, runId);
    await sql`update sync_log set status = ${status}, error = ${error}, finished_at = clock_timestamp() where id = ${runId}::uuid`.execute(
      trx,
    );
    const listed = run.trigger === 'schedule' || run.trigger === 'manual';
    if (run.pages_failed === 0 && listed && run.period === null) {
      await sql`update sync_issues set resolved_at = clock_timestamp(), resolution = 'listed again'
        where resolved_at is null and external_id is null and source = ${run.source} and account = ${run.account}
          and entity = ${run.entity} and kind in ('unavailable', 'rejected', 'unauthorized')`.execute(trx);
    }
    return { closed: true, status, source: run.source, account: run.account, entity: run.entity };
  });
}

function statusOf(run: RunRow, error: string | null): Exclude<RunStatus, 'running'> {
  if (run.pages_failed > 0 && run.fetched === 0) return 'failed';
  return error !== null || run.pages_failed > 0 || run.parked > 0 || run.quarantined > 0 ? 'partial' : 'succeeded';
}

async function lockRun(trx: Trx, runId: string): Promise<RunRow | undefined> {
  const { rows } = await sql<RunRow>`
    select id, source, account, entity, mode, trigger, period, hot_set, confirm_deletes, absent, pages_done, pages_failed, pages_open, pending, parked, quarantined, fetched, error,
      inserted + updated + unchanged + stale + parked + quarantined as accounted,
      clock_timestamp() - make_interval(mins => ${HEALING_PATIENCE_MINUTES}) < greatest(started_at,
        (select max(changed_at) from sync_pages p where p.run_id = sync_log.id)) as patient
    from sync_log where id = ${runId}::uuid and status = 'running' for update`.execute(trx);
  return rows[0];
}

async function summarize(trx: Trx, runId: string): Promise<ListingSummary> {
  const pages = await sql<ListingSummary['pages'][number]>`
    select page, records as rows, cardinality(ids) as distinct from sync_pages
    where run_id = ${runId}::uuid and state = 'done' and kind = 'list' and not hot`.execute(trx);
  return {
    pages: pages.rows,
    async repeats(among) {
      const { rows } = await sql<{ page: string; records: number }>`
        with standing as (
          select page, id from sync_pages, unnest(ids) as id where run_id = ${runId}::uuid and page = any(${among}::text[])
        ), twice as (select id from standing group by id having count(*) > 1)
        select page, count(*)::int as records from standing join twice using (id) group by page`.execute(trx);
      return rows;
    },
  };
}

async function errorOf(trx: Trx, runId: string): Promise<string | null> {
  const { rows } = await sql<{ error: string | null }>`select error from sync_log where id = ${runId}::uuid`.execute(
    trx,
  );
  return rows[0]?.error ?? null;
}

/** Records that the hot set alone has asked for, and that were new or changed: the change list had not told of them. */
async function countMissed(trx: Trx, runId: string): Promise<void> {
  await sql`
    update sync_log set missed = (
      select count(*) from source_records s join sync_pages p
        on p.run_id = ${runId}::uuid and p.page = ${recordPage('')} || s.external_id and p.hot
      where s.run_id = ${runId}::uuid and not exists (select 1 from (
        select distinct unnest(l.ids) as id from sync_pages l where l.run_id = ${runId}::uuid and l.kind = 'list' and not l.hot
      ) listed where listed.id = s.external_id))
    where id = ${runId}::uuid`.execute(trx);
}

/** Whether any record of the run waits for a parent that is still being looked for or applied. */
async function isHealing(trx: Trx, runId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from source_records w cross join unnest(w.waits_for) as name cross join lateral ${awaited('w', 'name')} p
    where w.run_id = ${runId}::uuid and w.waits_for is not null and w.state = 'parked'
      and (p.state in ('pending', 'applied', 'gone') or (p.state in ('listed', 'parked') and p.last_error is null))
    limit 1`.execute(trx);
  return rows.length > 0;
}
