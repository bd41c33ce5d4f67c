import { afterEach, describe, expect, test } from 'vitest';
import { startLitepmsSimulator } from '../../sources/litepms/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { hotelAccounts } from '../support/litepms-truth.ts';
import { startSystem } from '../support/system.ts';

const SEED = 10;
const SECOND = 1000;
const PER_SECOND = 10;
const BOOKINGS = 120;

describe.each(queueBackends())('the budget of a hotel with the queue on $name', (backend) => {
  const opened: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.stop();
  });

  test('is kept to, and used, by a first load of one request a booking', async () => {
    const people = { missingClients: 0, goneClients: 0, hotels: { main: {} } };
    const simulator = await startLitepmsSimulator({
      seed: SEED,
      bookings: BOOKINGS,
      historyDays: 60,
      ...people,
      // The vendor counts over some seconds: what the network shifts by a moment is no excess.
      limits: { read: 5 * PER_SECOND },
      limitWindowMs: 5 * SECOND,
      latencyMs: [30, 120],
    });
    opened.push({ stop: () => simulator.close() });
    const limits = { read: { max: PER_SECOND, perMs: SECOND } };
    const system = await startSystem({ backend, accounts: hotelAccounts(simulator), limits });
    opened.push(system);
    await system.sync(['clients', 'rooms']);
    simulator.resetRequests();
    const [run] = await system.sync(['bookings']);
    expect(run).toMatchObject({ status: 'succeeded', fetched: BOOKINGS });
    expect(simulator.requests.rateLimited).toBe(0);

    // From the first answer to the last: what a run does before and after is not the vendor's budget.
    const [{ seconds, pages }] = await system.table(
      `(select extract(epoch from max(changed_at) - min(changed_at))::float8 as seconds, count(*)::int as pages, 3, 4
        from sync_pages where run_id = '${run!.id}') as took`,
    );
    const used = (pages - 1) / (seconds * PER_SECOND);
    // 98 % is what the pace allows; a busy machine loses some of it.
    expect(used).toBeGreaterThan(0.7);
    expect(used).toBeLessThanOrEqual(1.02);
  });
});
