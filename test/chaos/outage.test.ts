import { Redis } from 'ioredis';
import { describe, expect, type TestContext, test } from 'vitest';
import { queueBackends } from '../support/backends.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import { backendNames, openWorld, type PmsyncWorld, type WorldOptions } from '../support/pmsync-world.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;
const DONE_WITHIN_MS = 90 * SECOND;

const onRedis = queueBackends().some((backend) => backend.name === 'redis');

describe.skipIf(!onRedis).concurrent('a Redis lost in the middle of a sync', () => {
  test('by FLUSHALL: the same sync completes', async (context) => {
    const world = await open(context, { backend: 'redis' });
    const sync = world.home.start(['sync', '--wait']);
    await world.untilInTheMiddle();
    const redis = new Redis(world.redis.url);
    await redis.flushall().finally(() => redis.disconnect());

    await expectItCompletes(world, sync);
  });

  test('by a crash that leaves it empty: the same sync completes', async (context) => {
    const world = await open(context, { backend: 'redis' });
    const sync = world.home.start(['sync', '--wait']);
    await world.untilInTheMiddle();
    await world.redis.kill();
    await waitFor(() => /ECONNREFUSED|ECONNRESET/.test(world.home.logs()), { describe: 'it is noticed' });
    await world.redis.restart();

    await expectItCompletes(world, sync);
  });
});

describe.concurrent.each(
  backendNames(),
)('a PostgreSQL that crashes in the middle of a sync, queue on %s', (backend) => {
  test('is waited for: the same sync completes', async (context) => {
    const postgres = await startOwnPostgres();
    context.onTestFinished(postgres.remove);
    const world = await open(context, { backend, databaseUrl: postgres.url });
    const sync = world.home.start(['sync', '--wait']);
    await world.untilInTheMiddle();
    await postgres.crash();
    await waitFor(() => /ECONNREFUSED|ECONNRESET|terminat/.test(world.home.logs()), { describe: 'it is noticed' });
    await postgres.start();

    await expectItCompletes(world, sync);
  });
});

async function expectItCompletes(world: PmsyncWorld, sync: ReturnType<PmsyncWorld['home']['start']>): Promise<void> {
  const { code, signal, stdout, stderr } = await sync.ended(DONE_WITHIN_MS);
  expect({ code, signal }, stdout + stderr).toEqual({ code: 0, signal: null });
  await world.expectComplete();
}

async function open({ onTestFinished }: TestContext, options: WorldOptions): Promise<PmsyncWorld> {
  const world = await openWorld(options);
  onTestFinished(world.close);
  return world;
}
