import { describe, expect, type TestContext, test } from 'vitest';
import { createEnqueue } from '../../jobs/enqueue.ts';
import { planSync } from '../../jobs/plan-sync.ts';
import { readQueueDepths } from '../../jobs/queue-depths.ts';
import { openQueues } from '../../jobs/queues.ts';
import { loadSources } from '../../sources/load-sources.ts';
import type { PmsyncProcess } from '../support/pmsync-process.ts';
import { backendNames, openWorld, type PmsyncWorld } from '../support/pmsync-world.ts';
import { accountsOf, perMinute } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;
const WORKER = ['start', '--role', 'worker'];

describe.concurrent.each(
  backendNames(),
)('two workers restarted one after the other, with the queue on %s', (backend) => {
  test('under load: no job fails, none is tried twice, and every sync completes', async (context) => {
    const world = await openWorld({ backend, env: { SHUTDOWN_TIMEOUT: '20s' } });
    context.onTestFinished(world.close);
    const { home } = world;
    const { request, failedJobs } = await openQueuesOf(world, context);
    const workers = [home.start(WORKER), home.start(WORKER)];
    await untilStarted(workers);

    const idle = () =>
      waitFor(async () => (await world.runs()).every((run) => run.status !== 'running'), {
        describe: 'every run has closed',
        timeoutMs: 120 * SECOND,
        intervalMs: 100,
      });
    for (const [n, worker] of workers.entries()) {
      await idle();
      await request();
      await world.untilInTheMiddle();
      worker.kill('SIGTERM');
      expect(await worker.ended(60 * SECOND)).toMatchObject({ code: 0, signal: null });
      workers[n] = home.start(WORKER);
      await untilStarted(workers);
    }
    await idle();
    await world.settled();
    await world.expectComplete();
    const runs = await world.runs();
    expect(runs.length).toBeGreaterThanOrEqual(6);
    expect(runs.filter(({ status }) => status !== 'succeeded')).toEqual([]);
    expect(await failedJobs()).toEqual([]);
    expect(home.logs().match(/"level":"error".*|"outcome":"to be retried".*/g) ?? []).toEqual([]);
    for (const worker of workers) worker.kill('SIGTERM');
    for (const worker of workers) expect(await worker.ended(60 * SECOND)).toMatchObject({ code: 0, signal: null });
  });
});

async function untilStarted(workers: readonly PmsyncProcess[]): Promise<void> {
  await waitFor(() => workers.every((worker) => worker.stderr().includes('"msg":"started"')), {
    describe: 'both workers have started',
    timeoutMs: 60 * SECOND,
  });
}

/** `request` asks for a run of everything, as the scheduler does; `failedJobs` names the queues that have some. */
async function openQueuesOf({ simulator, redis, databaseUrl }: PmsyncWorld, { onTestFinished }: TestContext) {
  const queues = openQueues({ redisUrl: redis?.url, databaseUrl, onError: () => {} });
  onTestFinished(() => queues.close());
  const enqueue = createEnqueue(queues);
  const sources = await loadSources();
  const accounts = accountsOf(simulator);
  const limits = { read: perMinute(600), search: perMinute(600), auth: perMinute(600) };
  const rentprog = { name: 'rentprog', baseUrl: simulator.url, limits, schedule: {}, accounts };
  const settings = {
    fanOut: { perRecordLimit: 2000 },
    deleteBrake: { percent: 5, rows: 20 },
    sources: [rentprog],
  };
  return {
    async request() {
      const wanted = accounts.flatMap(({ source, name: account }) =>
        ['clients', 'cars', 'bookings'].map((entity) => ({ source, account, entity })),
      );
      await enqueue(
        planSync,
        wanted.map((target) => ({ ...target, mode: 'incremental', trigger: 'schedule' }) as const),
      );
    },
    failedJobs: async () =>
      (await readQueueDepths({ queues, settings, sources }))
        .filter(({ failed }) => failed > 0)
        .map(({ queue }) => queue),
  };
}
