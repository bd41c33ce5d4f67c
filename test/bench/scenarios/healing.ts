import { sql } from 'kysely';
import { startBench } from '../bench-system.ts';
import type { Figure, Machine } from '../figure.ts';

/** 1,000 bookings, 37 missing clients, 5 of them gone. */
export async function healing({ server, redisUrl }: Machine): Promise<Figure[]> {
  const bench = await startBench({
    server,
    redisUrl,
    vendor: { source: 'rentprog', bookings: 1000, missingClients: 32, goneClients: 5, missingCars: 0, limits: null },
  });
  try {
    const seconds = await bench.sync(['cars', 'clients', 'bookings']);
    const { lookups } = await bench.requests();
    const { rows } = await sql<{ bookings: number; issues: number }>`
      select (select count(*)::int from bookings) as bookings,
        (select count(*)::int from sync_issues where resolved_at is null) as issues`.execute(bench.db);
    return [
      {
        name: 'look-ups for 37 missing clients',
        value: lookups,
        unit: 'chains',
        target: { exactly: 37 },
        note: `in ${seconds.toFixed(1)} s`,
      },
      {
        name: 'bookings lost',
        value: 1000 - rows[0]!.bookings,
        unit: 'bookings',
        target: { exactly: 0 },
        note: 'of 1000',
      },
      {
        name: 'open issues for 5 gone clients',
        value: rows[0]!.issues,
        unit: 'issues',
        target: { exactly: 5 },
        note: '',
      },
    ];
  } finally {
    await bench.stop();
  }
}
