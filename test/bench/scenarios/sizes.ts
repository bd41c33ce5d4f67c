import { startBench } from '../bench-system.ts';
import type { Figure, Machine } from '../figure.ts';
import { dearerStatements, type Spent, watchQuarters } from '../statements.ts';
import { world } from '../world.ts';

/** Of the records of a usual load: 10,000, 100,000 and a million when that is 50,000. */
const SIZES = [0.2, 2, 20];

/** What a record costs when there are many: rate, memory, and the time of each statement. */
export async function sizes(machine: Machine): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const times of SIZES) {
    const isLargest = times === SIZES.at(-1);
    figures.push(...(await load(machine, Math.round(machine.records * times), isLargest)));
  }
  return figures;
}

async function load({ server, redisUrl }: Machine, bookings: number, isLargest: boolean): Promise<Figure[]> {
  const missingClients = Math.round(bookings / 100);
  const clients = Math.round(bookings / 10);
  const vendor = world(bookings, { clients, missingClients });
  const bench = await startBench({ server, redisUrl, vendor, countsStatements: isLargest });
  try {
    await bench.sync(['cars', 'clients']);
    const closed = new AbortController();
    const [seconds, { memoryMb, statements }] = await Promise.all([
      bench.sync(['bookings']).finally(() => closed.abort()),
      watchQuarters(bench, bookings, closed.signal),
    ]);
    const [usage] = await bench.usage();
    const size = bookings.toLocaleString('en');
    const figures: Figure[] = [
      {
        name: `full load of ${size}`,
        value: bookings / seconds,
        unit: 'records/s',
        target: null,
        note: `${clients} clients before, ${missingClients} looked up, in ${Math.round(seconds)} s`,
        chart: { title: 'Records a second, by the size of the load', label: size },
      },
      {
        name: `memory of the worker, at most, ${size}`,
        value: usage!.peakMb,
        unit: 'MB',
        target: { most: 300 },
        note:
          memoryMb.length === 4 ? `after each quarter: ${memoryMb.map(Math.round).join(', ')}` : 'of the whole load',
        chart: { title: 'Memory of the worker in MB, by the size of the load', label: size },
      },
    ];
    if (!isLargest || statements.length < 4) return figures;
    return [...figures, dearer(statements, 'blocks', size), dearer(statements, 'ms', size)];
  } finally {
    await bench.stop();
  }
}

const DEARER = { blocks: 'statements that look at more blocks', ms: 'statements that take longer' };

function dearer(statements: readonly Spent[], by: 'blocks' | 'ms', size: string): Figure {
  const lines = dearerStatements(statements, by);
  for (const line of lines) process.stderr.write(`${line}\n`);
  return {
    name: DEARER[by],
    value: lines.length,
    unit: 'statements',
    target: { exactly: 0 },
    note: [`by row more than twice as much in the last quarter of ${size} as in the first`, ...lines].join('; '),
  };
}
