import { type Comparison, type Counts, countFindings } from '../db/compare/read-findings.ts';
import { cancelRuns } from '../db/compare/repair.ts';
import { openCompare } from '../jobs/open-compare.ts';
import type { EntityDefinition, ListingPlan } from '../sources/define-source.ts';
import type { Language } from '../words/dictionary.ts';
import { followRuns } from './follow-runs.ts';
import type { Runtime } from './runtime.ts';
import { openProgress } from './sync-and-report.ts';

/** One account of a comparison. */
export interface ComparedAccount extends Omit<Counts, 'not_listed'> {
  run_id: string;
  status: string;
  error: string | null;
  requests: number;
  /** Null when the vendor's list was not read to its end: then nothing follows from what is not on it. */
  not_listed: number | null;
  equal: boolean;
}

export interface CompareReport {
  comparison: Comparison;
  accounts: ComparedAccount[];
  equal: boolean;
}

export interface CompareOrder {
  source: string;
  entity: EntityDefinition;
  accounts: readonly string[];
  /** By account: without `--to` a period ends with the account's own day. */
  periods: ReadonlyMap<string, ListingPlan['period']>;
}

/** Reads the vendor's list of every account and holds it against what is here. Undefined when it was stopped. */
export async function compareAndReport(
  runtime: Runtime,
  { source, entity, accounts, periods }: CompareOrder,
  language: Language,
  signal: AbortSignal,
): Promise<CompareReport | undefined> {
  const { context, connection } = runtime;
  const runs: Comparison['runs'][number][] = [];
  for (const account of accounts) {
    const runId = await openCompare(context, { source, account, entity: entity.name }, periods.get(account) ?? null);
    const { timezone } = context.vendor(source, account).account;
    runs.push({ runId, account, timezone, period: periods.get(account) ?? null });
  }
  const ids = runs.map(({ runId }) => runId);
  const closed = await followRuns(runtime, ids, await openProgress(runtime, language), signal);
  if (signal.aborted) {
    await cancelRuns(connection.db, ids, 'stopped by the operator');
    return undefined;
  }
  const comparison: Comparison = {
    source,
    entity: entity.name,
    table: entity.table,
    runs,
    periodColumn: entity.listing.period?.column ?? null,
  };
  const compared: ComparedAccount[] = [];
  for (const run of runs) {
    const { status, error, requests, pages_failed: failed } = closed.find(({ id }) => id === run.runId)!;
    const counts = await countFindings(connection.db, comparison, run);
    const complete = status === 'succeeded' && failed === 0;
    const notListed = complete ? counts.not_listed : null;
    const equal =
      complete && counts.missing === 0 && counts.different === 0 && (notListed === 0 || entity.absence !== 'deleted');
    compared.push({ ...counts, run_id: run.runId, status, error, requests, not_listed: notListed, equal });
  }
  return { comparison, accounts: compared, equal: compared.every((account) => account.equal) };
}
