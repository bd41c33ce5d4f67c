import pg from 'pg';
import { describe, expect, type TestContext, test } from 'vitest';
import type { PmsyncProcess } from '../support/pmsync-process.ts';
import { backendNames, openWorld, type PmsyncWorld, type WorldOptions } from '../support/pmsync-world.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;
const SHUTDOWN_TIMEOUT = 10;
/** The shortest that the settings allow. */
const SHORT = { clients: '10s', cars: '10s', bookings: '10s', full: 'off' };
const ROWS = { clients: 128, cars: 43, bookings: 240 };
/** What the vendor lets through in two seconds: somewhat more than the settings ask for, because a busy machine bunches requests. */
const VENDOR = { limits: { read: 14, search: 14, auth: 10 }, limitWindowMs: 2 * SECOND };
const LIMITS = { read: '300/min', search: '300/min', auth: '60/min' };

interface Status {
  queue_backend: string;
  entities: {
    account: string;
    entity: keyof typeof ROWS;
    rows: number;
    pending: number;
    freshness: { state: string } | string;
    last_run: { status: string; trigger: string };
  }[];
  queues: { queue: string; failed: number; workers: number }[];
}

describe.concurrent.each(backendNames())('pmsync start with the queue on %s', (backend) => {
  test('fills an empty database by itself, in time, and keeps it equal', { timeout: 180 * SECOND }, async (context) => {
    const world = await open(context, { backend, schedule: SHORT, emptyDatabase: true });
    const { home, simulator } = world;
    expect(await home.run(['start'])).toMatchObject({ code: 1, stderr: expect.stringContaining('./pmsync migrate') });
    expect(await home.run(['migrate', '--check'])).toMatchObject({ code: 1 });
    expect(await home.run(['migrate'])).toMatchObject({ code: 0 });

    const system = home.start(['start', '--role', 'all']);
    await untilEveryRunIsGreen(world);
    await world.expectMirrored();
    const status = await home.json<Status>(['status']);
    expect(status.queue_backend).toBe(backend);
    expect(rowsOf(status)).toEqual(ROWS);
    expect(status.entities.filter((each) => each.pending > 0 || each.last_run.trigger !== 'schedule')).toEqual([]);
    expect(status.queues.filter((queue) => queue.failed > 0 || queue.workers !== 1)).toEqual([]);

    const client = simulator.mutate.createClient('batumi');
    simulator.mutate.createBooking('batumi', { client_id: client.id });
    await waitFor(async () => (await count(world, 'bookings')) === ROWS.bookings + 1, {
      describe: 'the new booking has come by itself',
      timeoutMs: 25 * SECOND,
      intervalMs: 200,
    });
    system.kill('SIGTERM');
    expect(await system.ended(SHUTDOWN_TIMEOUT * SECOND)).toMatchObject({ code: 0, signal: null });
  });

  test('ends in time with requests under way, and the next start completes what is left', async (context) => {
    const world = await open(context, { backend, simulator: { latencyMs: [700, 900] } });
    const { home, simulator } = world;
    const first = home.start(['start', '--role', 'worker']);
    expect(await home.run(['sync'])).toMatchObject({ code: 0 });
    await world.untilInTheMiddle();
    const askedBefore = simulator.requests.total;
    first.kill('SIGTERM');
    expect(await first.ended(SHUTDOWN_TIMEOUT * SECOND)).toMatchObject({ code: 0, signal: null });
    expect(first.stderr()).not.toContain('Not everything at work was finished in time');
    // What was under way was waited for, what was not is not begun.
    expect(simulator.requests.total - askedBefore).toBeLessThan(20);
    expect((await world.runs()).some((run) => run.status === 'running')).toBe(true);

    const second = home.start(['start', '--role', 'worker']);
    await waitFor(async () => (await world.runs()).every((run) => run.status === 'succeeded'), {
      describe: 'every run has closed',
      timeoutMs: 60 * SECOND,
      intervalMs: 100,
    });
    await world.settled();
    await world.expectComplete();
    second.kill('SIGTERM');
    expect(await second.ended(SHUTDOWN_TIMEOUT * SECOND)).toMatchObject({ code: 0, signal: null });
  });

  test('ends in time when the vendor does not answer in time, and loses nothing', async (context) => {
    const world = await open(context, { backend, simulator: { latencyMs: [700, 900] } });
    const { home, simulator } = world;
    const first = home.start(['start', '--role', 'worker'], { SHUTDOWN_TIMEOUT: '8s' });
    expect(await home.run(['sync'])).toMatchObject({ code: 0 });
    await world.untilInTheMiddle();
    simulator.faults.slow = { ms: 14 * SECOND, rate: 1 };
    const before = simulator.requests.total;
    await waitFor(() => simulator.requests.total > before, { describe: 'a page is being asked for' });
    first.kill('SIGTERM');
    const ended = await first.ended(8 * SECOND);
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.stderr).toContain('Not everything at work was finished in time');

    simulator.faults.slow = { ms: 0, rate: 0 };
    const next = await home.run(['sync', '--wait']);
    expect(next.code, next.stdout + next.stderr).toBe(0);
    await world.expectComplete();
  });

  test('as several processes shares the work and stays within the limits of the vendor', async (context) => {
    const world = await open(context, {
      backend,
      schedule: SHORT,
      simulator: { bookings: 400, ...VENDOR },
      limits: LIMITS,
    });
    const { home, simulator } = world;
    const workers = [home.start(['start', '--role', 'worker']), home.start(['start', '--role', 'worker'])];
    await waitFor(() => workers.every((worker) => home.logs(worker.pid).includes('"msg":"started"')), {
      describe: 'both workers have started',
      timeoutMs: 30 * SECOND,
    });
    const scheduler = home.start(['start', '--role', 'scheduler']);
    await untilEveryRunIsGreen(world);
    await world.expectMirrored();
    expect(simulator.requests.rateLimited).toBe(0);
    const share = (worker: PmsyncProcess) => home.logs(worker.pid).match(/"msg":"fetch-page"/g)?.length ?? 0;
    expect(Math.min(...workers.map(share)), `${workers.map(share)}`).toBeGreaterThan(5);
    expect(share(scheduler)).toBe(0);

    for (const each of [...workers, scheduler]) each.kill('SIGTERM');
    for (const each of [...workers, scheduler]) {
      expect(await each.ended(SHUTDOWN_TIMEOUT * SECOND)).toMatchObject({ code: 0, signal: null });
    }
  });
});

async function open(
  { onTestFinished }: TestContext,
  { emptyDatabase, ...options }: WorldOptions & { emptyDatabase?: boolean },
): Promise<PmsyncWorld> {
  const world = await openWorld({ ...options, env: { SHUTDOWN_TIMEOUT: `${SHUTDOWN_TIMEOUT}s` } });
  onTestFinished(world.close);
  if (emptyDatabase) await emptyOut(world);
  return world;
}

/** As a database that has just been created: no schema of ours, none of the queue's. */
async function emptyOut({ databaseUrl }: PmsyncWorld): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('drop schema public cascade; create schema public; drop schema if exists bullmq, hotel cascade');
  } finally {
    await client.end();
  }
}

async function untilEveryRunIsGreen(world: PmsyncWorld): Promise<void> {
  const green = async () => {
    const done = (await world.runs()).filter((run) => run.status === 'succeeded');
    return new Set(done.map((run) => `${run.account} ${run.entity}`)).size;
  };
  await waitFor(async () => (await green()) === 6, {
    describe: 'every entity of both branches has been read by itself',
    timeoutMs: 60 * SECOND,
    intervalMs: 100,
  });
}

function rowsOf({ entities }: Status) {
  const rows = (entity: string) =>
    entities.filter((each) => each.entity === entity).reduce((sum, each) => sum + each.rows, 0);
  return { clients: rows('clients'), cars: rows('cars'), bookings: rows('bookings') };
}

async function count({ db }: PmsyncWorld, table: 'bookings'): Promise<number> {
  const { n } = await db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}
