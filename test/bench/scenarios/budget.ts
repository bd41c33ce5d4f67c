import { startBench } from '../bench-system.ts';
import type { Figure, Machine } from '../figure.ts';
import { world } from '../world.ts';
import { readUnderBudget } from './budget-use.ts';

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
    const { requests, refused, share } = await readUnderBudget(bench, perMinute / 60);
    return [
      {
        name: 'budget used',
        value: share,
        unit: '%',
        target: { least: 90 },
        note: `${requests} requests at ${perMinute}/min, answers after 200–800 ms`,
      },
      {
        name: 'refused by the vendor',
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
