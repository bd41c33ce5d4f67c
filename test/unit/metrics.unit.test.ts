import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { createGatherer } from '../../console/metrics/figures.ts';
import { queueText } from '../../console/metrics/queue-text.ts';
import { createRunCounters } from '../../console/metrics/run-counters.ts';
import type { RecentRun } from '../../db/runs/recent-runs.ts';
import { readMetrics, sampleOf } from '../support/read-metrics.ts';

const target = { source: 's', account: 'a', entity: 'e' };
const counts = { inserted: 0, updated: 0, unchanged: 0, stale: 0, parked: 0, quarantined: 0, deleted: 0 };
const runOf = (id: string, run: Partial<RecentRun>): RecentRun => ({
  id,
  ...target,
  status: 'running',
  ...counts,
  ...run,
});

describe('the counters of runs', () => {
  async function countersAfter(...looks: RecentRun[][]) {
    const registry = new Registry();
    const counters = createRunCounters(registry, [target]);
    for (const look of looks) counters.show(look);
    const samples = readMetrics(await registry.metrics());
    const record = (outcome: string) => sampleOf(samples, 'pmsync_records_total', { outcome });
    return { run: (status: string) => sampleOf(samples, 'pmsync_runs_total', { status }), record };
  }

  test('begin at 0 for every target, and what there was before the first look is no news', async () => {
    const { run, record } = await countersAfter([runOf('1', { status: 'failed', inserted: 5 })]);
    expect([run('succeeded'), run('partial'), run('failed'), record('inserted')]).toEqual([0, 0, 0, 0]);
  });

  test('count a run once, when it has finished, and its records as they come', async () => {
    const first = [runOf('1', { inserted: 10 })];
    const going = await countersAfter(first, [runOf('1', { inserted: 25, parked: 2 }), runOf('2', { updated: 1 })]);
    expect([going.run('succeeded'), going.record('inserted'), going.record('parked')]).toEqual([0, 15, 2]);
    const done = [runOf('1', { status: 'partial', inserted: 26, parked: 1 }), runOf('2', { status: 'failed' })];
    const healed = [runOf('1', { status: 'succeeded', inserted: 27 })];
    const { run, record } = await countersAfter(first, done, done, healed, []);
    expect([run('partial'), run('succeeded'), run('failed')]).toEqual([1, 0, 1]);
    expect([record('inserted'), record('parked')]).toEqual([17, 1]);
  });
});

describe('what is gathered', () => {
  function figures() {
    const made = { reads: 0, shown: 0, cleared: 0, warnings: 0, fails: false };
    const gather = createGatherer(
      {
        part: 'queue',
        read: async () => {
          made.reads += 1;
          if (made.fails) throw new Error('away');
        },
        show() {
          made.shown += 1;
        },
        clear() {
          made.cleared += 1;
        },
      },
      {
        warn() {
          made.warnings += 1;
        },
      },
      60_000,
    );
    return { made, gather };
  }

  test('is read once for all who ask within some seconds', async () => {
    const { made, gather } = figures();
    expect(await Promise.all([gather(), gather()])).toEqual([true, true]);
    expect(await gather()).toBe(true);
    expect(made.reads).toBe(1);
  });

  test('is taken away while it cannot be read, and one line says so', async () => {
    const { made, gather } = figures();
    made.fails = true;
    expect([await gather(), await gather()]).toEqual([false, false]);
    expect(made).toMatchObject({ shown: 0, cleared: 2, warnings: 1 });
    made.fails = false;
    expect(await gather()).toBe(true);
    expect(made.shown).toBe(1);
  });
});

test('The numbers of several queues stand under one head, totals only where they are counted', () => {
  const queue = (name: string, finished?: { completed: number; failed: number }) => ({
    name,
    jobs: { waiting: 1, active: 0 },
    finished,
  });
  const text = queueText([queue('x', { completed: 7, failed: 0 }), queue('y "z"')]);
  expect(readMetrics(text)).toHaveLength(6);
  expect(text.match(/# HELP bullmq_job_count /g)).toHaveLength(1);
  expect(text).toContain('bullmq_job_count{queue="y \\"z\\"", state="waiting"} 1');
  expect(text).toContain('bullmq_job_completed_total{queue="x"} 7');
  expect(queueText([queue('y')])).not.toContain('_total');
});
