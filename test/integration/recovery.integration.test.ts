import { Redis } from 'ioredis';
import pg from 'pg';
import { describe, expect, inject, test } from 'vitest';
import type { RentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { type QueueBackend, queueBackends } from '../support/backends.ts';
import { expectBalanced, expectNobodyForgotten } from '../support/invariants.ts';
import { startRedis } from '../support/redis-server.ts';
import { expectEqualToTruth } from '../support/rentprog-truth.ts';
import { type System, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;
const RUNS = 12;
const WORLD = { seed: 8, bookings: 320, clientsPageSize: 10, latencyMs: [20, 60] as [number, number], limits: null };

describe.each(queueBackends())(
  'a sync with the queue on $name',
  (backend) => {
    test('goes on with the next workers after the first ones were stopped in the middle', async ({
      onTestFinished,
    }) => {
      const { simulator, system } = await start(backend, onTestFinished);
      await system.request();
      await opening(system);
      await waitFor(() => rowsIn(system, 'bookings', 40), {
        describe: 'the sync is in the middle',
        intervalMs: 5,
        timeoutMs: 30 * SECOND,
      });
      expect(await system.stopWorkers()).toBe(true);
      const before = simulator.requests.total;
      const unfinished = (await system.runs()).filter((run) => run.status === 'running');
      expect(unfinished.length).toBeGreaterThan(0);

      const next = await startSystem({ backend, simulator, beside: system });
      onTestFinished(() => next.stop());
      await next.settled(40 * SECOND);
      expect(simulator.requests.total).toBeGreaterThan(before);
      await expectComplete(next, simulator);
    });

    // The concurrent ones wait for the sweep most of the time.
    test.concurrent('comes to its end after the queue was emptied, of pages and of look-ups', async ({
      onTestFinished,
    }) => {
      const own = backend.name === 'redis' ? await redisOfItsOwn(onTestFinished) : backend;
      const { simulator, system } = await start(own, onTestFinished);
      await system.request();
      await opening(system);
      await waitFor(() => rowsIn(system, 'bookings', 40), {
        describe: 'pages come in',
        intervalMs: 5,
        timeoutMs: 30 * SECOND,
      });
      await emptyQueue(own, system);
      await waitFor(() => simulator.requests.searches.length > 5, {
        describe: 'missing parents are looked for',
        intervalMs: 1,
        timeoutMs: 30 * SECOND,
      });
      await emptyQueue(own, system);
      await system.settled(60 * SECOND);
      await expectComplete(system, simulator);
    });

    test.concurrent('survives the loss of every connection to PostgreSQL, again and again', async ({
      onTestFinished,
    }) => {
      const { simulator, system } = await start(backend, onTestFinished);
      await system.request();
      await opening(system);
      const killer = new pg.Client({ connectionString: inject('postgresUrl') });
      await killer.connect();
      const database = new URL(system.databaseUrl).pathname.slice(1);
      try {
        for (let kill = 1; kill <= 4; kill += 1) {
          const further = { describe: 'the sync has come further', intervalMs: 5, timeoutMs: 30 * SECOND };
          await waitFor(() => rowsIn(system, 'bookings', kill * 40), further);
          const { rowCount } = await killer.query(
            'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
            [database],
          );
          expect(rowCount).toBeGreaterThan(0);
        }
      } finally {
        await killer.end();
      }
      await waitFor(() => system.settled(1).then(() => true), {
        describe: 'the sync has ended',
        timeoutMs: 60 * SECOND,
      });
      await expectComplete(system, simulator);
    });
  },
  120 * SECOND,
);

type OnFinished = (stop: () => Promise<void>) => void;

async function start(backend: QueueBackend, onFinished: OnFinished) {
  const simulator = await startRentprogSimulator(WORLD);
  onFinished(() => simulator.close());
  const system = await startSystem({ backend, simulator });
  onFinished(() => system.stop());
  return { simulator, system };
}

async function redisOfItsOwn(onFinished: OnFinished): Promise<QueueBackend> {
  const redis = await startRedis();
  onFinished(() => redis.stop());
  return { name: 'redis', redisUrl: redis.url, prefix: 'own' };
}

async function opening(system: System): Promise<void> {
  await waitFor(async () => (await system.runs()).length === RUNS, {
    describe: 'every run is open',
    intervalMs: 5,
    timeoutMs: 30 * SECOND,
  });
}

async function rowsIn(system: System, table: string, least: number): Promise<boolean> {
  return (await system.table(table)).length >= least;
}

async function emptyQueue(backend: QueueBackend, system: System): Promise<void> {
  if (backend.name === 'redis') {
    const redis = new Redis(backend.redisUrl ?? '');
    await redis.flushall();
    redis.disconnect();
    return;
  }
  const client = new pg.Client({ connectionString: system.databaseUrl });
  await client.connect();
  await client.query('truncate bullmq.job cascade');
  await client.end();
}

async function expectComplete(system: System, simulator: RentprogSimulator): Promise<void> {
  await expectEqualToTruth(system.db, simulator);
  const runs = await system.runs();
  expect(runs).toHaveLength(RUNS);
  expect(new Set(runs.map((run) => run.status))).toEqual(new Set(['succeeded']));
  expectBalanced(runs);
  await expectNobodyForgotten(system.db);
}
