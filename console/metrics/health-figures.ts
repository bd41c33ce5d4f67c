import { Gauge, type Registry } from 'prom-client';
import type { Light } from '../../health/judge-target.ts';
import type { TargetHealth } from '../../health/read-health.ts';

const LIGHTS: Record<Light, number> = { grey: -1, green: 0, amber: 1, red: 2 };
const labelNames = ['source', 'account', 'entity'] as const;

/** How every entity of every account stands. */
export function createHealthFigures(registry: Registry) {
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers: [registry] });
  const freshness = gauge('pmsync_freshness_seconds', 'Since the whole list was last read to its end.');
  const light = gauge('pmsync_light', '0 green, 1 amber, 2 red, -1 nobody expects anything of it.');
  const duration = gauge('pmsync_last_run_seconds', 'How long the last run has taken, or takes so far.');
  const counts = {
    rows: gauge('pmsync_rows', 'Rows that this account brought, tombstones included.'),
    pending: gauge('pmsync_pending_records', 'Records that have landed and are to be applied.'),
    parked: gauge('pmsync_parked_records', 'Records that wait for a parent.'),
    quarantined: gauge('pmsync_quarantined_records', 'Records that cannot be applied as they are.'),
    without_parent: gauge('pmsync_orphaned_records', 'Records stored without a parent that is gone at the source.'),
  };

  return {
    clear() {
      for (const metric of [freshness, light, duration, ...Object.values(counts)]) metric.reset();
    },
    show(at: Date, entities: readonly TargetHealth[]) {
      for (const { source, account, entity, verdict, last_read_at: readAt, last_run: run, ...status } of entities) {
        const labels = { source, account, entity };
        light.set(labels, LIGHTS[verdict.light]);
        if (readAt) freshness.set(labels, secondsBetween(readAt, at));
        if (run) duration.set(labels, secondsBetween(run.started_at, run.finished_at ?? at));
        for (const [name, metric] of Object.entries(counts)) metric.set(labels, status[name as keyof typeof counts]);
      }
    },
  };
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, (to.getTime() - from.getTime()) / 1000);
}
