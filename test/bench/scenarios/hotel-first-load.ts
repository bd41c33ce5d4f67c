import { startBench } from '../bench-system.ts';
import type { Figure, Machine } from '../figure.ts';

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
    const before = (await bench.requests()).total;
    const seconds = await bench.sync(['bookings']);
    const { total, rateLimited } = await bench.requests();
    return [
      {
        name: 'budget used by a first load of LitePMS',
        value: (100 * (total - before)) / (perSecond * seconds),
        unit: '%',
        target: { least: 90 },
        note: `${bookings} bookings, ${total - before} requests at ${perSecond}/s in ${Math.round(seconds)} s`,
      },
      {
        name: 'refused by LitePMS',
        value: rateLimited,
        unit: 'requests',
        target: { exactly: 0 },
        note: 'HTTP 429 during that',
      },
    ];
  } finally {
    await bench.stop();
  }
}
