import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Bench, startBench } from '../bench-system.ts';
import { type Figure, type Machine, percentile } from '../figure.ts';
import { world } from '../world.ts';

/** What people look at while a load goes on; `:id` is a booking that is here. */
const PAGES = {
  overview: '/',
  runs: '/runs',
  issues: '/issues',
  'a record': '/records/rentprog/bookings/:id',
};

/** Some people click. */
const BETWEEN_MS = 200;

/** The console's pages, asked for one after the other while a full load goes on. */
export async function pagesUnderLoad({ server, redisUrl, records }: Machine): Promise<Figure[]> {
  const missingClients = Math.round(records / 100);
  const bench = await startBench({
    server,
    redisUrl,
    vendor: world(records, { missingClients, goneClients: 20 }),
    webhookSecret: 'bench-secret',
  });
  try {
    await bench.sync(['cars', 'clients']);
    const closed = new AbortController();
    const [seconds, took] = await Promise.all([
      bench.sync(['bookings']).finally(() => closed.abort()),
      openPages(bench, closed.signal),
    ]);
    const rate: Figure = {
      name: 'full load while pages are opened',
      value: records / seconds,
      unit: 'records/s',
      target: null,
      note: `${records} bookings`,
    };
    return [rate, ...[...took].flatMap(([name, ms]) => shares(name, ms))];
  } finally {
    await bench.stop();
  }
}

/** Milliseconds of each opening, by page. */
async function openPages({ db, consoleUrl }: Bench, closed: AbortSignal): Promise<Map<string, number[]>> {
  const took = new Map<string, number[]>(Object.keys(PAGES).map((name) => [name, []]));
  while (!closed.aborted) {
    const { rows } = await sql<{ id: string }>`select external_id as id from bookings limit 1`.execute(db);
    for (const [name, path] of Object.entries(PAGES)) {
      if (path.includes(':id') && !rows[0]) continue;
      took.get(name)?.push(await timed(`${consoleUrl}${path.replace(':id', rows[0]?.id ?? '')}`));
      await wait(BETWEEN_MS);
    }
  }
  return took;
}

function shares(name: string, ms: readonly number[]): Figure[] {
  const note = `opened ${ms.length} times while a full load went on, 5 pages a second at most`;
  return ([0.5, 0.95] as const).map((share) => ({
    name: `page ${name}, p${share * 100}`,
    value: percentile(ms, share),
    unit: 'ms',
    target: null,
    note,
    ...(share === 0.95 && { chart: { title: 'Pages of the console while a load goes on, p95, ms', label: name } }),
  }));
}

/** Milliseconds. */
async function timed(url: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(url, { headers: { accept: 'text/html' } });
  await response.text();
  if (!response.ok) throw new Error(`${new URL(url).pathname} was answered ${response.status}`);
  return performance.now() - began;
}
