import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { type BenchOptions, startBench } from './bench-system.ts';

export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What is to be reached; null when nothing is asked. */
  target: number | null;
  /** How it was measured. */
  note: string;
}

export interface Machine {
  server: string;
  redisUrl: string;
  /** Records of the large scenarios. */
  records: number;
}

type World = Extract<BenchOptions['vendor'], { source: 'rentprog' }>;

/** One branch with large pages: what is measured is pmsync, not the vendor's page size. */
export const world = (bookings: number, more: Omit<World, 'source'> = {}): World => ({
  source: 'rentprog',
  branches: ['one'],
  bookings,
  clients: Math.round(bookings / 2),
  cars: 200,
  missingClients: 0,
  goneClients: 0,
  missingCars: 0,
  nestedClients: 'none',
  pageSize: 500,
  clientsPageSize: 500,
  limits: null,
  ...more,
});

/** Full load with foreign keys on and 1 % of the bookings' clients missing from the list, then the same listing unchanged. */
export async function fullLoad(
  { server, redisUrl, records }: Machine,
  backend: 'redis' | 'postgres',
): Promise<Figure[]> {
  const missing = Math.round(records / 100);
  const bench = await startBench({
    server,
    ...(backend === 'redis' && { redisUrl }),
    vendor: world(records, { missingClients: missing }),
  });
  try {
    await bench.sync(['cars', 'clients']);
    const seconds = await bench.sync(['bookings']);
    const mark = await transactionMark(bench.db);
    const again = await bench.sync(['bookings']);
    const rows = await writtenSince(bench.db, mark);
    const load = {
      name: `full load, ${backend} queue`,
      value: records / seconds,
      unit: 'records/s',
      target: backend === 'redis' ? 10_000 : 3000,
      note: `${records} bookings, ${missing} missing clients looked up one by one, until the run is closed`,
    };
    if (backend === 'postgres') return [load];
    return [
      load,
      {
        name: 'unchanged re-sync',
        value: records / again,
        unit: 'records/s',
        target: 25_000,
        note: `${records} bookings`,
      },
      {
        name: 'rows written by it',
        value: rows,
        unit: 'rows',
        target: 0,
        note: 'clients, cars, bookings, source_records',
      },
      {
        name: 'memory of the worker',
        value: process.memoryUsage().rss / 1e6,
        unit: 'MB',
        target: 300,
        note: `after ${records} records, with the measuring`,
      },
    ];
  } finally {
    await bench.stop();
  }
}

/** One job per record, and the same BullMQ with handlers that do nothing. */
export async function perRecord({ server, redisUrl, records }: Machine): Promise<Figure[]> {
  const bookings = Math.min(records, 20_000);
  const bench = await startBench({ server, redisUrl, perRecordLimit: 1e9, vendor: world(bookings) });
  let value: number;
  try {
    await bench.sync(['cars', 'clients']);
    value = bookings / (await bench.sync(['bookings']));
  } finally {
    await bench.stop();
  }
  const idle = await emptyJobs(redisUrl, bookings);
  return [
    { name: 'per-record lane', value, unit: 'records/s', target: 4000, note: `${bookings} bookings, one job each` },
    {
      name: 'BullMQ doing nothing',
      value: idle,
      unit: 'jobs/s',
      target: null,
      note: 'the same number of jobs, concurrency and batches',
    },
    {
      name: 'share of it',
      value: (100 * value) / idle,
      unit: '%',
      target: 70,
      note: 'per-record lane / BullMQ doing nothing',
    },
  ];
}

async function emptyJobs(redisUrl: string, count: number): Promise<number> {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const name = `empty-${Date.now()}`;
  const queue = new Queue(name, { connection });
  let left = count;
  const { promise, resolve } = Promise.withResolvers<void>();
  const worker = new Worker(
    name,
    async () => {
      if (--left === 0) resolve();
    },
    { connection, concurrency: 300 },
  );
  const began = performance.now();
  const opts = { removeOnComplete: { age: 3600, count: 1000 }, attempts: 10 };
  for (let start = 0; start < count; start += 500) {
    await queue.addBulk(
      Array.from({ length: 500 }, (_, i) => ({
        name: 'empty',
        data: { externalId: String(start + i) },
        opts: { ...opts, jobId: `e.${start + i}` },
      })),
    );
  }
  await promise;
  const seconds = (performance.now() - began) / 1000;
  await worker.close();
  await queue.obliterate({ force: true });
  await queue.close();
  await connection.quit();
  return count / seconds;
}

/** How much of a vendor's budget is used while pages are left. */
export async function budget({ server, redisUrl }: Machine): Promise<Figure[]> {
  const perMinute = 120;
  const bench = await startBench({
    server,
    redisUrl,
    limits: { read: { max: perMinute, perMs: 60_000 } },
    vendor: world(2000, {
      pageSize: 10,
      latencyMs: [200, 800],
      limits: { read: perMinute, search: 6000, auth: 60 },
    }),
  });
  try {
    await bench.sync(['cars', 'clients']);
    const before = (await bench.vendor()).total;
    const seconds = await bench.sync(['bookings']);
    const { total, rateLimited } = await bench.vendor();
    return [
      {
        name: 'budget used',
        value: (100 * (total - before)) / ((perMinute / 60) * seconds),
        unit: '%',
        target: 90,
        note: `${total - before} requests at ${perMinute}/min, answers after 200–800 ms`,
      },
      { name: 'refused by the vendor', value: rateLimited, unit: 'requests', target: 0, note: 'HTTP 429 during that' },
    ];
  } finally {
    await bench.stop();
  }
}

/** A hotel's first load: a list of ids for each month, and a request for each booking. */
export async function hotelFirstLoad({ server, redisUrl, records }: Machine): Promise<Figure[]> {
  const perSecond = 10;
  const bookings = Math.min(records, 5000);
  const bench = await startBench({
    server,
    redisUrl,
    limits: { read: { max: perSecond, perMs: 1000 } },
    vendor: {
      source: 'litepms',
      hotels: { main: {} },
      bookings,
      clients: 1500,
      missingClients: 0,
      goneClients: 0,
      historyDays: 600,
      limits: { read: 10 * perSecond },
      limitWindowMs: 10_000,
      latencyMs: [50, 200],
    },
  });
  try {
    await bench.sync(['rooms', 'clients']);
    const before = (await bench.vendor()).total;
    const seconds = await bench.sync(['bookings']);
    const { total, rateLimited } = await bench.vendor();
    return [
      {
        name: 'budget used by a first load of LitePMS',
        value: (100 * (total - before)) / (perSecond * seconds),
        unit: '%',
        target: 90,
        note: `${bookings} bookings, ${total - before} requests at ${perSecond}/s in ${Math.round(seconds)} s`,
      },
      { name: 'refused by the vendor', value: rateLimited, unit: 'requests', target: 0, note: 'HTTP 429 during that' },
    ];
  } finally {
    await bench.stop();
  }
}

/** 1,000 bookings, 37 missing clients, 5 of them gone. */
export async function healing({ server, redisUrl }: Machine): Promise<Figure[]> {
  const bench = await startBench({
    server,
    redisUrl,
    vendor: { source: 'rentprog', bookings: 1000, missingClients: 32, goneClients: 5, missingCars: 0, limits: null },
  });
  try {
    const seconds = await bench.sync(['cars', 'clients', 'bookings']);
    const { lookups } = await bench.vendor();
    const { rows } = await sql<{ bookings: number; issues: number }>`
      select (select count(*)::int from bookings) as bookings,
        (select count(*)::int from sync_issues where resolved_at is null) as issues`.execute(bench.db);
    return [
      {
        name: 'look-ups for 37 missing clients',
        value: lookups,
        unit: 'chains',
        target: 37,
        note: `in ${seconds.toFixed(1)} s`,
      },
      { name: 'bookings lost', value: 1000 - rows[0]!.bookings, unit: 'bookings', target: 0, note: 'of 1000' },
      { name: 'open issues for 5 gone clients', value: rows[0]!.issues, unit: 'issues', target: 5, note: '' },
    ];
  } finally {
    await bench.stop();
  }
}

type Db = Awaited<ReturnType<typeof startBench>>['db'];

async function transactionMark(db: Db): Promise<string> {
  const { rows } = await sql<{ mark: string }>`select pg_current_xact_id()::xid::text as mark`.execute(db);
  return rows[0]!.mark;
}

/** Row versions that a later transaction made. */
async function writtenSince(db: Db, mark: string): Promise<number> {
  const newer = sql`xmin::text::bigint > ${mark}::bigint`;
  const { rows } = await sql<{ n: number }>`
    select ((select count(*) from clients where ${newer}) + (select count(*) from cars where ${newer})
      + (select count(*) from bookings where ${newer}) + (select count(*) from source_records where ${newer}))::int as n`.execute(
    db,
  );
  return rows[0]!.n;
}
