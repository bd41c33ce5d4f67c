import { sql } from 'kysely';
import type { Db } from '../../../db/connection.ts';
import { startBench } from '../bench-system.ts';
import type { Figure, Machine, QueueBackend } from '../figure.ts';
import { world } from '../world.ts';
import { byPages, readRows, rowByRow } from '../yardsticks.ts';

const RATES = 'Records a second, one worker';
const TARGET = { redis: 10_000, postgres: 3000 };

/**
 * Full load with foreign keys on and 1 % of the bookings' clients missing from the list, the same listing unchanged, and then
 * the same rows once more by hand, by pages and one by one.
 */
export async function fullLoad({ server, redisUrl, records }: Machine, backend: QueueBackend): Promise<Figure[]> {
  const missing = Math.round(records / 100);
  const bench = await startBench({
    server,
    ...(backend === 'redis' && { redisUrl }),
    vendor: world(records, { missingClients: missing }),
  });
  try {
    await bench.sync(['cars', 'clients']);
    await bench.makePages(records);
    const seconds = await bench.sync(['bookings']);
    const [loaded] = await bench.usage();
    const mark = await transactionMark(bench.db);
    const again = await bench.sync(['bookings']);
    const written = await writtenSince(bench.db, mark);
    const on = backend === 'redis' ? '' : ', postgres queue';
    const load: Figure = {
      name: `full load, ${backend} queue`,
      value: records / seconds,
      unit: 'records/s',
      target: { least: TARGET[backend] },
      note: `${records} bookings, ${missing} missing clients looked up one by one, until the run is closed`,
      chart: { title: RATES, label: backend === 'redis' ? 'full load' : 'full load, PostgreSQL queue' },
    };
    const figures: Figure[] = [
      load,
      {
        name: `unchanged re-sync${on}`,
        value: records / again,
        unit: 'records/s',
        target: backend === 'redis' ? { least: 25_000 } : null,
        note: `${records} bookings`,
      },
      {
        name: `rows written by it${on}`,
        value: written,
        unit: 'rows',
        target: { exactly: 0 },
        note: 'clients, cars, bookings, source_records',
      },
      {
        name: `memory of the worker${on}`,
        value: loaded!.peakMb,
        unit: 'MB',
        target: { most: 300 },
        note: `the most at any moment up to ${records} bookings loaded, a process of its own`,
      },
      {
        name: `processor time of the worker${on}`,
        value: (1e6 * loaded!.cpuSeconds) / (1.5 * records),
        unit: 'µs/record',
        target: null,
        note: 'of everything it has done: its start, clients and bookings loaded',
      },
    ];
    if (backend === 'postgres') return figures;
    await bench.stopWorkers();
    return [...figures, ...(await yardsticks(bench, load))];
  } finally {
    await bench.stop();
  }
}

async function yardsticks({ db, databaseUrl }: { db: Db; databaseUrl: string }, load: Figure): Promise<Figure[]> {
  const rows = await readRows(db);
  const unit = 'records/s';
  const pages = await byPages(databaseUrl, rows);
  const singly = await rowByRow(databaseUrl, rows);
  return [
    {
      name: 'raw upsert of the same rows',
      value: pages,
      unit,
      target: null,
      note: 'one insert … on conflict do update a page of 500, foreign keys on, one connection, nothing else',
      chart: { title: RATES, label: 'raw upsert by pages' },
    },
    {
      name: 'full load / raw upsert',
      value: (100 * load.value) / pages,
      unit: '%',
      target: null,
      note: 'the load also fetches, lands, maps, checks parents, writes refs and its ledger',
    },
    {
      name: 'row by row',
      value: singly,
      unit,
      target: null,
      note: 'one insert … on conflict do update a booking, each awaited, one connection',
      chart: { title: RATES, label: 'row by row' },
    },
    { name: 'full load / row by row', value: load.value / singly, unit: 'times', target: null, note: '' },
  ];
}

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
