import { Counter, type Registry } from 'prom-client';
import type { RecentRun } from '../../db/runs/recent-runs.ts';
import type { StatusTarget } from '../../db/status.ts';

const OUTCOMES = ['inserted', 'updated', 'unchanged', 'stale', 'parked', 'quarantined', 'deleted'] as const;
const STATUSES = ['succeeded', 'partial', 'failed'] as const;

/**
 * What runs have done since this process looked first. The ledger is only ever asked about recent runs; each is counted by
 * how far it has come since it was seen last.
 */
export function createRunCounters(registry: Registry, targets: readonly StatusTarget[]) {
  const runs = new Counter({
    name: 'pmsync_runs_total',
    help: 'Runs that have finished, by status. One that heals later stays counted as it finished.',
    labelNames: ['source', 'account', 'entity', 'status'],
    registers: [registry],
  });
  const records = new Counter({
    name: 'pmsync_records_total',
    help: 'Records of runs by what became of them; one that was parked and applied later counts as both.',
    labelNames: ['source', 'account', 'entity', 'outcome'],
    registers: [registry],
  });
  // A counter that begins with its first event shows no increase for it.
  for (const target of targets) {
    for (const status of STATUSES) runs.inc({ ...target, status }, 0);
    for (const outcome of OUTCOMES) records.inc({ ...target, outcome }, 0);
  }
  let seen: ReadonlyMap<string, RecentRun> | undefined;

  return {
    show(recent: readonly RecentRun[]) {
      // What was there before this process is no news.
      for (const run of seen ? recent : []) add(run, seen?.get(run.id));
      seen = new Map(recent.map((run) => [run.id, run]));
    },
  };

  function add(run: RecentRun, before: RecentRun | undefined): void {
    const { source, account, entity, status } = run;
    const target = { source, account, entity };
    if (status !== 'running' && (!before || before.status === 'running')) runs.inc({ ...target, status });
    for (const outcome of OUTCOMES) {
      const more = run[outcome] - (before?.[outcome] ?? 0);
      if (more > 0) records.inc({ ...target, outcome }, more);
    }
  }
}
