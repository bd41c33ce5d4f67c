import { DateTime } from 'luxon';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../../db/connection.ts';
import { openQueues, type Queues } from '../../jobs/queues.ts';
import { applySchedules } from '../../scheduler/apply-schedules.ts';
import { schedulersOf, type WantedScheduler } from '../../scheduler/schedules.ts';
import { startScheduler } from '../../scheduler/start-scheduler.ts';
import type { Schedule, Settings } from '../../settings/settings.ts';
import type { SourceDefinition } from '../../sources/define-source.ts';
import { queueBackends } from '../support/backends.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { forgetKeys, keysOf, onEachRedis } from '../support/redis-nodes.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const CLIENTS = 'plan.rentprog.tbilisi.clients';
const BOOKINGS = 'plan.rentprog.tbilisi.bookings';

const listing = { rateClass: 'read' };
const entities = [
  { name: 'clients', listing },
  { name: 'bookings', listing },
];
const sources = new Map([['rentprog', { entities }]]) as unknown as Map<string, SourceDefinition>;

function settingsWith(schedule: Record<string, Schedule>): Settings {
  const account = { source: 'rentprog', name: 'tbilisi', timezone: 'Asia/Tbilisi', currency: 'GEL' };
  return {
    fanOut: { perRecordLimit: 2000 },
    deleteBrake: { percent: 5, rows: 20 },
    sources: [
      {
        name: 'rentprog',
        baseUrl: '',
        limits: {},
        schedule,
        accounts: [{ ...account, baseUrl: '', credentials: {}, options: {} }],
      },
    ],
  };
}

const wantedWith = (schedule: Record<string, Schedule>): WantedScheduler[] =>
  schedulersOf(settingsWith(schedule), sources);

describe.each(queueBackends())('the scheduler with $name', ({ redisUrl, prefix }) => {
  let database: TestDatabase;
  let queues: Queues;
  let connection: Connection;
  const queue = () => queues.queue('sync');
  const every5m = { clients: { everyMs: 5 * MINUTE }, bookings: { everyMs: 5 * MINUTE } };

  beforeAll(async () => {
    database = await createTestDatabase();
    connection = connect({ url: database.url, onError: () => {} });
  });
  beforeEach(() => {
    queues = openQueues({ redisUrl, databaseUrl: database.url, prefix, onError: () => {} });
  });
  afterEach(async () => {
    await loseEverything();
    await queues.close();
  });
  afterAll(async () => {
    await connection.close();
    await database.drop();
  });

  /** As a FLUSHALL would, but only for this test's keys. */
  async function loseEverything(): Promise<void> {
    if (redisUrl) await forgetKeys(redisUrl, prefix ?? '');
    else await onPostgres('truncate bullmq.job, bullmq.scheduler cascade');
  }

  /** The schedulers stay. */
  async function loseTheJobs(): Promise<void> {
    if (!redisUrl) return onPostgres('truncate bullmq.job cascade');
    await onEachRedis(redisUrl, async (redis) => {
      for await (const keys of keysOf(redis, prefix ?? ''))
        for (const key of keys) if (/:repeat:.*:\d+$|:sync:delayed$/.test(key)) await redis.del(key);
    });
  }

  async function onPostgres(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }

  /** Starts a worker that only remembers; answers with the runs that were asked for. */
  function collect(): { asked: string[]; stop(): Promise<void> } {
    const asked: string[] = [];
    const worker = queues.worker(
      'sync',
      async (job) => void asked.push(`${job.data.entity} ${job.data.mode} ${job.data.trigger}`),
      { concurrency: 1 },
    );
    void worker.run();
    return { asked, stop: () => worker.close() };
  }

  function start(schedule: Record<string, Schedule>, againMs?: number) {
    const lines: string[] = [];
    const note = (fields: { scheduler?: string; err?: Error }, text: string) =>
      void lines.push(`${fields.scheduler ?? fields.err?.message} ${text}`);
    const context = {
      db: connection.db,
      queues,
      settings: settingsWith(schedule),
      sources,
      log: { info: note, warn: note },
    };
    return { lines, scheduler: startScheduler(context as never, againMs) };
  }

  test('Every interval fires at once on a fresh system, parents first, and goes on', async () => {
    const { lines, scheduler } = start({ clients: { everyMs: 2 * SECOND }, bookings: { everyMs: 2 * SECOND } });
    await waitFor(() => lines.length === 2, { describe: 'both schedulers are added' });
    const worker = collect();
    try {
      await waitFor(() => worker.asked.length === 2, { describe: 'both have fired' });
      expect(worker.asked).toEqual(['clients incremental schedule', 'bookings incremental schedule']);
      await waitFor(() => worker.asked.length === 4, { describe: 'both fire again', timeoutMs: 15 * SECOND });
    } finally {
      await worker.stop();
      await (await scheduler).stop();
    }
  });

  test('A second process and a restart change nothing and fire nothing', async () => {
    const wanted = wantedWith({ ...every5m, full: { cron: '0 3 * * *' } });
    expect((await applySchedules(queue(), wanted)).map(({ change }) => change)).toEqual(Array(4).fill('added'));
    const worker = collect();
    try {
      await waitFor(() => worker.asked.length === 2, { describe: 'the intervals have fired' });
      await waitFor(async () => (await queue().getJobCounts()).active === 0, { describe: 'nothing is at work' });
      const before = await queue().getJobSchedulers();
      expect(await applySchedules(queue(), wanted)).toEqual([]);
      expect(await Promise.all([applySchedules(queue(), wanted), applySchedules(queue(), wanted)])).toEqual([[], []]);
      expect(await queue().getJobSchedulers()).toEqual(before);
      expect(worker.asked).toHaveLength(2);
      expect((await queue().getJobCounts()).delayed).toBe(4);
    } finally {
      await worker.stop();
    }
  });

  test('Two processes that start together on a fresh system leave one scheduler each', async () => {
    const worker = collect();
    try {
      await Promise.all([applySchedules(queue(), wantedWith(every5m)), applySchedules(queue(), wantedWith(every5m))]);
      await waitFor(() => new Set(worker.asked).size >= 2, { describe: 'both have fired' });
      await waitFor(async () => (await queue().getJobCounts()).delayed === 2, { describe: 'the next runs are set' });
      expect(await queue().getJobSchedulersCount()).toBe(2);
      // On PostgreSQL both may fire; the ledger's unique index lets one of them open a run.
      expect(new Set(worker.asked)).toEqual(new Set(['bookings incremental schedule', 'clients incremental schedule']));
    } finally {
      await worker.stop();
    }
  });

  test('What is not in the settings any more is removed, and nobody else’s scheduler is', async () => {
    await applySchedules(queue(), wantedWith(every5m));
    await queue().upsertJobScheduler('someone-else', { every: MINUTE }, { name: 'plan-sync' });
    expect(await applySchedules(queue(), wantedWith({ clients: every5m.clients }))).toEqual([
      { id: BOOKINGS, change: 'removed' },
    ]);
    const left = (await queue().getJobSchedulers()).map(({ key }) => key);
    expect(left.toSorted()).toEqual([CLIENTS, 'someone-else']);
  });

  test('A queue that lost everything gets its schedulers back', async () => {
    const { lines, scheduler } = start(every5m, 100);
    await waitFor(() => lines.length === 2, { describe: 'the schedulers are added' });
    await loseEverything();
    await waitFor(() => lines.length === 4, { describe: 'they are added again' });
    expect(await queue().getJobSchedulersCount()).toBe(2);
    await (await scheduler).stop();
    const before = lines.length;
    await loseEverything();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(lines).toHaveLength(before);
  });

  test('A scheduler whose next run was taken out of the queue is armed again', async () => {
    const wanted = wantedWith({ clients: { cron: '0 3 * * *' } });
    await applySchedules(queue(), wanted);
    await loseTheJobs();
    expect((await queue().getJobCounts()).delayed).toBe(0);
    expect(await applySchedules(queue(), wanted)).toEqual([{ id: CLIENTS, change: 'repaired' }]);
    expect((await queue().getJobCounts()).delayed).toBe(1);
    expect(await applySchedules(queue(), wanted)).toEqual([]);
  });

  test('A changed interval takes the place of the old one at once', async () => {
    await applySchedules(queue(), wantedWith({ clients: { everyMs: 24 * 60 * MINUTE } }));
    const worker = collect();
    try {
      await waitFor(() => worker.asked.length === 1, { describe: 'the daily one has fired' });
      await waitFor(async () => (await queue().getJobCounts()).delayed === 1, { describe: 'the next one is set' });
      const wanted = wantedWith({ clients: { everyMs: 5 * MINUTE } });
      expect(await applySchedules(queue(), wanted)).toEqual([{ id: CLIENTS, change: 'changed' }]);
      await waitFor(() => worker.asked.length === 2, { describe: 'the new one has fired' });
      const next = await waitFor(
        async () => {
          const scheduler = await queue().getJobScheduler(CLIENTS);
          return scheduler?.every === 5 * MINUTE && (scheduler.next ?? 0) > Date.now() && scheduler;
        },
        { describe: 'the next run is set' },
      );
      expect((next.next ?? 0) - Date.now()).toBeLessThanOrEqual(5 * MINUTE);
      // The offset of the old interval would push a run that comes late a day away.
      expect(next.offset ?? 0).toBeLessThan(5 * MINUTE);
      expect((await queue().getJobCounts()).delayed).toBe(1);
    } finally {
      await worker.stop();
    }
  });

  test('A cron line fires next at its time in its zone', async () => {
    const wanted = wantedWith({ clients: { cron: '30 3 * * *' }, bookings: { cron: '0 9 * * 1', timezone: 'UTC' } });
    await applySchedules(queue(), wanted);
    const next = async (id: string) => (await queue().getJobScheduler(id))?.next ?? 0;
    const inTbilisi = DateTime.fromMillis(await next(CLIENTS), { zone: 'Asia/Tbilisi' });
    expect([inTbilisi.hour, inTbilisi.minute, inTbilisi.second]).toEqual([3, 30, 0]);
    expect(inTbilisi.diffNow('hours').hours).toBeLessThanOrEqual(24);
    const inUtc = DateTime.fromMillis(await next(BOOKINGS), { zone: 'UTC' });
    expect([inUtc.weekday, inUtc.hour, inUtc.minute]).toEqual([1, 9, 0]);
  });

  test('One that cannot be set is said, and the others are set', async () => {
    const good = wantedWith({ bookings: every5m.bookings });
    const bad: WantedScheduler = { ...good[0]!, id: 'plan.bad', repeat: { pattern: 'never', tz: 'UTC' } };
    await expect(applySchedules(queue(), [bad, ...good])).rejects.toThrow('1 of the schedulers could not be set');
    expect((await queue().getJobSchedulers()).map(({ key }) => key)).toEqual([BOOKINGS]);
  });
});
