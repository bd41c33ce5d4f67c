import { Gauge, type Registry } from 'prom-client';
import { countOpenIssues, type IssueCount } from '../../db/issue-counts.ts';
import { countUnsentNotices } from '../../db/notices.ts';
import { type RequestsUsed, readVendorRequests } from '../../db/overview/vendor-requests.ts';
import { type RecentRun, readRecentRuns } from '../../db/runs/recent-runs.ts';
import { readHealth, type TargetHealth } from '../../health/read-health.ts';
import { targetsOf } from '../../health/targets-of.ts';
import type { JobContext } from '../../jobs/define-job.ts';
import { createBudgetFigures } from './budget-figures.ts';
import type { Figures } from './figures.ts';
import { createHealthFigures } from './health-figures.ts';
import { createIssueFigures } from './issue-figures.ts';
import { createRunCounters } from './run-counters.ts';

const MINUTE_MS = 60_000;
/** A run that heals a little later, or whose commit comes late, is still looked at. */
const RECENT_MINUTES = 15;

interface Found {
  at: Date;
  entities: TargetHealth[];
  runs: RecentRun[];
  issues: IssueCount[];
  uses: RequestsUsed[];
  unsent: number;
}

/** What PostgreSQL knows. None of the queries reads `source_records` or the whole ledger. */
export function databaseFigures(
  { db, settings, sources }: Pick<JobContext, 'db' | 'settings' | 'sources'>,
  registry: Registry,
): Figures<Found> {
  const targets = targetsOf({ settings, sources });
  const withRuns = targets.filter(({ source, entity }) => !isPart(source, entity));
  const health = createHealthFigures(registry);
  const runCounters = createRunCounters(registry, withRuns);
  const issueFigures = createIssueFigures(registry, settings);
  const budget = createBudgetFigures(registry, settings);
  const notices = new Gauge({
    name: 'pmsync_unsent_notices',
    help: 'Messages to operators of the last day that could not be sent.',
    registers: [registry],
  });
  let lookedAt = Date.now();

  function isPart(source: string, name: string): boolean {
    return sources.get(source)?.entities.find((entity) => entity.name === name)?.partOf !== undefined;
  }

  return {
    part: 'database',
    async read() {
      const minutes = RECENT_MINUTES + Math.ceil((Date.now() - lookedAt) / MINUTE_MS);
      const [{ at, entities }, runs, issues, uses, unsent] = await Promise.all([
        readHealth({ db, settings, sources }, targets),
        readRecentRuns(db, minutes),
        countOpenIssues(db),
        readVendorRequests(db),
        countUnsentNotices(db),
      ]);
      return { at, entities, runs, issues, uses, unsent };
    },
    show({ at, entities, runs, issues, uses, unsent }) {
      health.clear();
      health.show(at, entities);
      runCounters.show(runs);
      issueFigures.show(issues);
      budget.show(uses);
      notices.set(unsent);
      lookedAt = Date.now();
    },
    // Counters stay as they are: they do not say how anything stands.
    clear() {
      health.clear();
      issueFigures.clear();
      budget.clear();
      notices.remove();
    },
  };
}
