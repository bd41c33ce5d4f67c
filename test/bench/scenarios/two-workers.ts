import { type BenchOptions, startBench } from '../bench-system.ts';
import type { Figure, Machine } from '../figure.ts';
import { world } from '../world.ts';

const MOST_SINGLY = 20_000;
const TITLE = 'Records a second, by worker processes';

/** The same load by one worker process and by two, by pages and with a job a record, and the same list unchanged. */
export async function twoWorkers(machine: Machine): Promise<Figure[]> {
  const singly = Math.min(machine.records, MOST_SINGLY);
  return [
    ...(await oneAndTwo(machine, 'full load', machine.records, {})),
    ...(await oneAndTwo(machine, 'per-record lane', singly, { perRecordLimit: 1e9 })),
  ];
}

async function oneAndTwo(
  { server, redisUrl }: Machine,
  lane: string,
  bookings: number,
  options: Pick<BenchOptions, 'perRecordLimit'>,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  const unchanged: Figure[] = [];
  for (const workers of [1, 2]) {
    const bench = await startBench({ server, redisUrl, workers, vendor: world(bookings), ...options });
    try {
      await bench.sync(['cars', 'clients']);
      await bench.makePages(bookings);
      const value = bookings / (await bench.sync(['bookings']));
      const name = workers === 1 ? '1 worker' : '2 workers';
      figures.push({
        name: `${lane}, ${name}`,
        value,
        unit: 'records/s',
        target: null,
        note: `${bookings} bookings`,
        chart: { title: TITLE, label: `${lane}, ${name}` },
      });
      if (options.perRecordLimit === undefined)
        unchanged.push({
          name: `unchanged re-sync, ${name}`,
          value: bookings / (await bench.sync(['bookings'])),
          unit: 'records/s',
          target: workers === 1 ? null : { least: 25_000 },
          note: `${bookings} bookings`,
        });
    } finally {
      await bench.stop();
    }
  }
  const [one, two] = figures as [Figure, Figure];
  const gain = { name: `${lane}, gain of a second worker`, value: two.value / one.value, unit: 'times', target: null };
  return [...figures, { ...gain, note: 'PostgreSQL, Redis and the vendor share the same cores' }, ...unchanged];
}
