import { startBench } from '../bench-system.ts';
import type { Figure, Machine } from '../figure.ts';
import { readUnderBudget } from './budget-use.ts';

/** A hotel's first load: a list of ids for each month, and a request for each booking. */
export async function hotelFirstLoad({ server, redisUrl, records }: Machine): Promise<Figure[]> {
  const perSecond = 10;
  const bookings = Math.min(records, 1000);
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
    const { requests, seconds, refused, share } = await readUnderBudget(bench, perSecond);
    return [
      {
        name: 'budget used by a first load of LitePMS',
        value: share,
        unit: '%',
        target: { least: 90 },
        note: `${bookings} bookings, ${requests} requests at ${perSecond}/s in ${Math.round(seconds)} s`,
      },
      {
        name: 'refused by LitePMS',
        value: refused,
        unit: 'requests',
        target: { exactly: 0 },
        note: 'HTTP 429 during that',
      },
    ];
  } finally {
    await bench.stop();
  }
}
