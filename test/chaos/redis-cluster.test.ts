import { describe, expect, type TestContext, test } from 'vitest';
import { startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced, expectNobodyForgotten } from '../support/invariants.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { expectEqualToTruth } from '../support/rentprog-truth.ts';
import { startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;
const WORLD = { seed: 8, bookings: 200, cars: 30, latencyMs: [10, 30] as [number, number], limits: null };

const onRedis = queueBackends().some((backend) => backend.name === 'redis');

describe.skipIf(!onRedis).concurrent('a Redis Cluster of three masters', () => {
  test('carries a whole sync, each queue on one master, and unchanged readings after it', async (context) => {
    const { cluster, simulator, system } = await start(context);
    const runs = await system.sync();
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['succeeded']));
    await expectEqualToTruth(system.db, simulator);
    expectBalanced(await system.runs());
    await expectNobodyForgotten(system.db);
    expect((await cluster.keys()).filter((count) => count > 0).length).toBeGreaterThan(1);
    const again = await system.sync(['bookings']);
    expect(again.map(({ inserted, updated }) => inserted + updated)).toEqual(again.map(() => 0));
  });

  test('that loses a master and all that it held in the middle of a sync has it completed', async (context) => {
    const { cluster, simulator, system } = await start(context);
    await system.request();
    await waitFor(async () => (await system.table('bookings')).length > 20, {
      describe: 'the sync is in the middle',
      timeoutMs: 60 * SECOND,
      intervalMs: 5,
    });
    const keys = await cluster.keys();
    const fullest = cluster.masters[keys.indexOf(Math.max(...keys))]!;
    await fullest.kill();
    await waitFor(() => system.faults.length > 0, { describe: 'it is missed', timeoutMs: 60 * SECOND });
    await fullest.restart();
    await waitFor(() => system.settled(1).then(() => true), { describe: 'all has come', timeoutMs: 120 * SECOND });
    await expectEqualToTruth(system.db, simulator);
    const runs = await system.runs();
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['succeeded']));
    expectBalanced(runs);
    await expectNobodyForgotten(system.db);
  });
});

async function start({ onTestFinished }: TestContext) {
  const cluster = await startRedisCluster();
  onTestFinished(cluster.stop);
  const simulator = await startRentprogSimulator(WORLD);
  onTestFinished(() => simulator.close());
  const system = await startSystem({ backend: { name: 'redis', redisUrl: cluster.url, prefix: 'one' }, simulator });
  onTestFinished(() => system.stop());
  return { cluster, simulator, system };
}
