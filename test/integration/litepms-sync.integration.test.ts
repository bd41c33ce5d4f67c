import { afterEach, describe, expect, test } from 'vitest';
import { type Faults, type LitepmsSimulatorOptions, startLitepmsSimulator } from '../../sources/litepms/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced, expectNobodyForgotten, rowVersions } from '../support/invariants.ts';
import { expectHotelsMirrored, hotelAccounts } from '../support/litepms-truth.ts';
import { type SystemOptions, startSystem } from '../support/system.ts';

const SEED = 8;

/** Everything that passes: the vendor is slow, busy, down, says one booking twice, or takes no long window. */
const TRANSIENT: Partial<Faults> = {
  rateLimitSeconds: 0.01,
  rateLimitDate: 0.01,
  serverErrorHtml: 0.05,
  truncatedJson: 0.05,
  htmlOk: 0.05,
  slow: { ms: 200, rate: 0.05 },
  reset: 0.05,
  duplicateRows: 0.1,
  largeWindow: { days: 12, answer: '504' },
  listDeleted: true,
};

describe.each(queueBackends())('a sync of LitePMS with the queue on $name', (backend) => {
  const opened: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.stop();
  });

  async function start(world: LitepmsSimulatorOptions, options: Partial<SystemOptions> = {}) {
    const simulator = await startLitepmsSimulator({ seed: SEED, limits: null, historyDays: 300, ...world });
    opened.push({ stop: () => simulator.close() });
    const system = await startSystem({ backend, accounts: hotelAccounts(simulator), ...options });
    opened.push(system);
    return { simulator, system };
  }

  test('mirrors every record of hotels with the same ids, field by field, at one request a booking', async () => {
    const { simulator, system } = await start({ bookings: 240 });
    const runs = await system.sync();
    expect(new Set(runs.map((run) => run.status))).toEqual(new Set(['succeeded']));
    expect(simulator.requests.byMethod.getBooking).toBe(240);
    await expectHotelsMirrored(system.db, simulator);
    expectBalanced(await system.runs());
    await expectNobodyForgotten(system.db);
    expect(runs.filter((run) => run.entity === 'bookings').reduce((sum, run) => sum + run.inserted, 0)).toBe(240);
  });

  test('reads again only what has changed: as many requests as bookings, and no write for those that have not', async () => {
    const { simulator, system } = await start({ bookings: 200, hotels: { main: {} } });
    await system.sync();
    // What changed since yesterday is listed once more, to the same end.
    await system.sync(['bookings']);
    const before = await rowVersions(system.db);
    const { 'upsert-record': jobsBefore } = system.jobsRun();
    simulator.resetRequests();
    const quiet = await system.sync();
    expect(await rowVersions(system.db)).toEqual(before);
    expect(system.jobsRun()['upsert-record']).toBe(jobsBefore);
    expect(quiet.filter((run) => run.fetched !== run.unchanged || run.status !== 'succeeded')).toEqual([]);
    const usual = simulator.requests.byMethod.getBooking ?? 0;

    const old = simulator.truth().main!.bookings.filter((booking) => booking.last_update < '2026-06');
    const changed = old.slice(0, 7);
    for (const { id } of changed) simulator.mutate.editBooking('main', id, { price: '777.00' });
    simulator.resetRequests();
    const [run] = await system.sync(['bookings']);
    expect(changed).toHaveLength(7);
    expect(simulator.requests.byMethod).toEqual({ getBookings: 1, getBooking: usual + 7 });
    expect(run).toMatchObject({ status: 'succeeded', fetched: usual + 7, updated: 7, unchanged: usual });
    await expectHotelsMirrored(system.db, simulator);
  });

  test('loses nothing to any passing fault of the vendor', async () => {
    const { simulator, system } = await start({ bookings: 120, faults: TRANSIENT });
    const runs = await system.sync();
    expect(runs.filter((run) => run.status !== 'succeeded').map((run) => run.error)).toEqual([]);
    await expectHotelsMirrored(system.db, simulator);

    for (const { id } of simulator.truth().riverside!.bookings.slice(0, 5))
      simulator.mutate.editBooking('riverside', id, { price: '5.00' });
    simulator.mutate.deleteBooking('main', simulator.truth().main!.bookings[9]!.id);
    await system.sync();
    await expectHotelsMirrored(system.db, simulator);
    expectBalanced(await system.runs());
    await expectNobodyForgotten(system.db);
  });
});
