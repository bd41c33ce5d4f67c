import { startBench } from '../bench-system.ts';
import type { Figure, Machine, QueueBackend } from '../figure.ts';
import { startChild } from '../processes/child.ts';
import type { EmptyJobs } from '../processes/empty-worker.ts';
import { world } from '../world.ts';

const MOST = 20_000;
const TITLE = 'Jobs a second, one job per record, one worker';

/** One job per record, and the same jobs of the same BullMQ with a handler that does nothing. */
export async function perRecord({ server, redisUrl, records }: Machine, backend: QueueBackend): Promise<Figure[]> {
  const bookings = Math.min(records, MOST);
  const queue = backend === 'redis' ? { redisUrl } : {};
  const bench = await startBench({ server, ...queue, perRecordLimit: 1e9, vendor: world(bookings) });
  try {
    await bench.sync(['cars', 'clients']);
    await bench.makePages(bookings);
    const value = bookings / (await bench.sync(['bookings']));
    await bench.stopWorkers();
    const { databaseUrl } = bench;
    const idle = await emptyJobs({ databaseUrl, ...queue, prefix: `empty_${process.pid}`, count: bookings });
    const on = backend === 'redis' ? '' : ', postgres queue';
    const label = backend === 'redis' ? 'Redis' : 'PostgreSQL';
    return [
      {
        name: `per-record lane${on}`,
        value,
        unit: 'records/s',
        target: backend === 'redis' ? { least: 4000 } : null,
        note: `${bookings} bookings, one job each, until the run is closed`,
        chart: { title: TITLE, label: `pmsync, ${label}` },
      },
      {
        name: `BullMQ doing nothing${on}`,
        value: idle,
        unit: 'jobs/s',
        target: null,
        note: 'the same number of jobs with the same ids, payloads, options and concurrency, added 500 at a time',
        chart: { title: TITLE, label: `doing nothing, ${label}` },
      },
      {
        name: `share of it${on}`,
        value: (100 * value) / idle,
        unit: '%',
        target: backend === 'redis' ? { least: 70 } : null,
        note: 'per-record lane / BullMQ doing nothing',
      },
    ];
  } finally {
    await bench.stop();
  }
}

/** Jobs a second. */
async function emptyJobs(jobs: EmptyJobs): Promise<number> {
  const child = startChild('empty-worker.ts');
  try {
    const { seconds } = await child.ask<{ seconds: number }>('run', jobs);
    return jobs.count / seconds;
  } finally {
    await child.end();
  }
}
