import { dirname } from 'node:path';
import { SORT } from '../db/keyset.ts';
import { listRuns, type RunFilter, type RunRow, type Slice } from '../db/overview/list-runs.ts';
import { type RunIssue, type RunPages, readRunIssues, readRunPages, readRunRow } from '../db/overview/read-run.ts';
import { logFileOf } from '../log/create-logger.ts';
import { type RunLines, readRunLines } from '../log/read-run-lines.ts';
import type { OperationsContext } from './context.ts';
import { type Ledger, ledgerOf } from './ledger.ts';
import { type RunFloor, runFloor } from './run-floor.ts';

export type { RunFilter, RunFloor, RunIssue, RunLines, RunPages, RunRow, Slice };

export interface RunDetails {
  run: RunRow;
  ledger: Ledger;
  pages: RunPages;
  /** What the vendor's budget allows at best, beside what it took; null when nothing has been asked. */
  floor: RunFloor | null;
  issues: RunIssue[];
  /** Null when this machine has no log files. */
  log: RunLines | null;
}

const MOST_A_PART = 500;
const USUAL_A_PART = 50;
const MOST_PAGES = 100;
const MOST_ISSUES = 100;
const MOST_LINES = 300;

/** Newest first; `next` of the answer is the `cursor` of the part after it. */
export function readRuns(
  { db }: Pick<OperationsContext, 'db'>,
  filter: RunFilter = {},
  { cursor, limit = USUAL_A_PART }: { cursor?: string | undefined; limit?: number } = {},
): Promise<Slice<RunRow>> {
  return listRuns(db, filter, { cursor, limit: Math.min(Math.max(1, limit), MOST_A_PART) });
}

/** Undefined for an id that no run has. */
export async function readRun(context: OperationsContext, id: string): Promise<RunDetails | undefined> {
  const { db } = context;
  const run = SORT.uuid.test(id) ? await readRunRow(db, id) : undefined;
  if (!run) return undefined;
  const logFile = logFileOf(context.log);
  const [pages, issues, log] = await Promise.all([
    readRunPages(db, id, MOST_PAGES),
    readRunIssues(db, run, MOST_ISSUES),
    logFile
      ? readRunLines(dirname(logFile), id, { from: run.started_at, to: run.finished_at, most: MOST_LINES })
      : undefined,
  ]);
  return { run, ledger: ledgerOf(run), pages, floor: runFloor(context, run, pages), issues, log: log ?? null };
}
