import { describe, expect, type TestContext, test } from 'vitest';
import { readQueueDepths } from '../../jobs/queue-depths.ts';
import { openQueues } from '../../jobs/queues.ts';
import { loadSources } from '../../sources/load-sources.ts';
import type { PmsyncProcess } from '../support/pmsync-process.ts';
import { backendNames, openWorld } from '../support/pmsync-world.ts';
import { accountsOf, perMinute } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;

describe.concurrent.each(
  backendNames(),
)('two workers restarted one after the other, with the queue on %s', (backend) => {
  test('under load: no job fails, and the syncs that were going on complete', async (context) => {
    const world = await openWorld({ backend, env: { SHUTDOWN_TIMEOUT: '20s' } });
    context.onTestFinished(world.close);
    const { home } = world;
    const failedJobs = await watchQueues(context, world);
    const workers = [home.start(['start', '--role', 'worker']), home.start(['start', '--role', 'worker'])];
    await untilStarted(workers);
    expect(await home.run(['sync'])).toMatchObject({ code: 0 });
    await world.untilInTheMiddle();

    for (const [n, worker] of workers.entries()) {
      worker.kill('SIGTERM');
      expect(await worker.ended(60 * SECOND)).toMatchObject({ code: 0, signal: null });
      workers[n] = home.start(['start', '--role', 'worker']);
      await untilStarted(workers);
    }
    await waitFor(async () => (await world.runs()).every((run) => run.status !== 'running'), {
      describe: 'every run has closed',
      timeoutMs: 90 * SECOND,
      intervalMs: 100,
    });
    await world.settled();
    await world.expectComplete();
    expect((await world.runs()).map(({ entity, status }) => `${entity} ${status}`)).toEqual(
      (await world.runs()).map(({ entity }) => `${entity} succeeded`),
    );
    expect(await failedJobs()).toEqual([]);
    // Not one attempt either: whoever leaves finishes what it has begun.
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

/** Names of the queues with failed jobs. */
async function watchQueues(
  { onTestFinished }: TestContext,
  { simulator, redis, databaseUrl }: Awaited<ReturnType<typeof openWorld>>,
): Promise<() => Promise<string[]>> {
  const queues = openQueues({ redisUrl: redis?.url, databaseUrl, onError: () => {} });
  onTestFinished(() => queues.close());
  const limits = { read: perMinute(600), search: perMinute(600), auth: perMinute(600) };
  const accounts = accountsOf(simulator);
  const settings = {
    fanOut: { perRecordLimit: 2000 },
    deleteBrake: { percent: 5, rows: 20 },
    sources: [{ name: 'rentprog', baseUrl: simulator.url, limits, schedule: {}, accounts }],
  };
  const sources = await loadSources();
  return async () =>
    (await readQueueDepths({ queues, settings, sources })).filter(({ failed }) => failed > 0).map(({ queue }) => queue);
}
