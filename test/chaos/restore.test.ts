import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { connect, type Db } from '../../db/connection.ts';
import { startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { copyDatabase } from '../support/database.ts';
import { expectBalanced, expectNobodyForgotten } from '../support/invariants.ts';
import { expectEqualToTruth } from '../support/rentprog-truth.ts';
import { startSystem } from '../support/system.ts';

/** What happened at the vendor after the backup: records get new versions, and new records come. */
const DAYS_LATER = 3;

describe.concurrent.each(queueBackends())('with the queue on $name', (backend) => {
  test("yesterday's database, restored beside today's queue, equals the vendor after a sync", async ({
    onTestFinished,
  }) => {
    const simulator = await startRentprogSimulator({ seed: 5, bookings: 120, cars: 20, limits: null });
    onTestFinished(() => simulator.close());
    const yesterday = await startSystem({ backend, simulator });
    onTestFinished(() => yesterday.stop());
    await yesterday.sync();
    const backup = await copyDatabase(yesterday.databaseUrl);
    onTestFinished(backup.drop);

    const { bookings } = simulator.truth();
    for (let day = 1; day <= DAYS_LATER; day += 1) {
      for (const { id } of bookings.slice(0, 40)) simulator.mutate.updateBooking(id, { total: (id % 1000) + day });
      const client = simulator.mutate.createClient('tbilisi');
      simulator.mutate.createBooking('tbilisi', { client_id: client.id });
      await yesterday.sync(['clients', 'bookings']);
    }
    await yesterday.stopWorkers();

    // The queue of today remembers jobs of versions that the restored database has yet to give out.
    const on = { databaseUrl: backup.url, prefix: yesterday.prefix };
    const restored = await startSystem({ backend, simulator, on });
    onTestFinished(() => restored.stop());
    const lost = await rowsOf(backup.url);
    expect(lost).toBeLessThan(simulator.truth().bookings.length);
    const runs = await restored.sync();
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['succeeded']));
    await expectEqualToTruth(restored.db, simulator);
    expectBalanced(await restored.runs());
    await expectNobodyForgotten(restored.db);
  });
});

async function rowsOf(url: string): Promise<number> {
  const { db, close }: { db: Db; close(): Promise<void> } = connect({ url, max: 1, onError: () => {} });
  try {
    return (await sql`select 1 from bookings`.execute(db)).rows.length;
  } finally {
    await close();
  }
}
