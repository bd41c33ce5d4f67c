import { sql } from 'kysely';
import { countKeptOut } from '../db/kept-out.ts';
import { paceMs } from '../jobs/fetch-queue.ts';
import type { RunWish, Wanted } from '../operations/run-now.ts';
import type { SyncTarget } from '../operations/targets.ts';
import type { Language } from '../words/dictionary.ts';
import { createProgress, type Expectation, type Progress } from './progress.ts';
import type { Runtime } from './runtime.ts';
import { type OpenIssue, type RunRow, readOpenIssues } from './sync-runs.ts';
import { runAndWait } from './wait-for-runs.ts';

export interface SyncReport {
  runs: RunRow[];
  issues: OpenIssue[];
  /** Records of the targets that an operator keeps out. */
  kept_out: number;
  /** Every run is green. */
  ok: boolean;
}

const MOST_ISSUES = 100;

/** Runs the targets to their end with progress on stderr. Workers must be running, here or elsewhere. */
export async function syncAndReport(
  runtime: Runtime,
  targets: readonly Wanted[],
  wish: RunWish,
  language: Language,
  signal: AbortSignal,
): Promise<SyncReport> {
  const progress = await openProgress(runtime, language);
  const runs = await runAndWait(runtime, targets, wish, progress, signal);
  const sources = [...new Set(targets.map((target) => target.source))];
  const issues = await readOpenIssues(runtime.connection.db, sources, MOST_ISSUES);
  const keptOut = await countKeptOut(runtime.connection.db, targets);
  return {
    runs,
    issues,
    kept_out: keptOut,
    ok: runs.length === targets.length && runs.every((run) => run.status === 'succeeded'),
  };
}

/** Progress on stderr, with a guess at the time that is left. */
export async function openProgress(runtime: Runtime, language: Language): Promise<Progress> {
  const pages = await pagesLastTime(runtime);
  return createProgress({ stream: process.stderr, language, expect: (run) => expectation(runtime, pages, run) });
}

function expectation({ settings, sources }: Runtime, pages: ReadonlyMap<string, number>, run: RunRow): Expectation {
  const entity = sources.get(run.source)?.entities.find((each) => each.name === run.entity);
  const limits = settings.sources.find((source) => source.name === run.source)?.limits;
  const pace = limits?.[entity?.listing.rateClass ?? 'read'];
  // Where each record is a request the ledger of pages itself knows how many are to come.
  const expected = entity?.listing.idsOnly ? run.pages_done + run.pages_open : pages.get(nameOf(run));
  return { pages: expected, paceMs: pace ? paceMs(pace) : 0 };
}

/** How many pages the last complete run of each target took: what the remaining time is reckoned from. */
async function pagesLastTime({ connection }: Runtime): Promise<Map<string, number>> {
  const { rows } = await sql<SyncTarget & { pages_done: number }>`
    select distinct on (source, account, entity) source, account, entity, pages_done from sync_log
    where status = 'succeeded' and trigger in ('schedule', 'manual') and period is null
    order by source, account, entity, started_at desc`.execute(connection.db);
  return new Map(rows.map((row) => [nameOf(row), row.pages_done]));
}

function nameOf({ source, account, entity }: SyncTarget): string {
  return `${source} ${account} ${entity}`;
}
