import { afterEach, describe, expect, test } from 'vitest';
import { readListingPlan } from '../../db/runs/listing-plan.ts';
import {
  type LitepmsSimulator,
  type LitepmsSimulatorOptions,
  startLitepmsSimulator,
} from '../../sources/litepms/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced, expectNobodyForgotten, rowVersions } from '../support/invariants.ts';
import { expectHotelsMirrored, hotelAccounts } from '../support/litepms-truth.ts';
import { loseQueue } from '../support/lose-queue.ts';
import { type SystemOptions, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const SEED = 10;
const HOTEL = 'main';

describe.each(queueBackends())('a first load of LitePMS with the queue on $name', (backend) => {
  const opened: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.stop();
  });

  async function start(world: LitepmsSimulatorOptions, options: Partial<SystemOptions> = {}) {
    const hotels = { [HOTEL]: {} };
    const simulator = await startLitepmsSimulator({ seed: SEED, limits: null, historyDays: 300, hotels, ...world });
    opened.push({ stop: () => simulator.close() });
    const system = await startSystem({ backend, accounts: hotelAccounts(simulator), ...options });
    opened.push(system);
    return { simulator, system };
  }

  test('that failed at one month goes on with that month, and reads no other again', async () => {
    const { simulator, system } = await start({ bookings: 160 });
    const broken = monthBefore(simulator.today(HOTEL), 3);
    await system.sync(['clients', 'rooms']);
    simulator.faults.refusing = [{ method: 'getBookings', params: { start: broken }, error: 'Ведутся работы' }];
    const [failed] = await system.sync(['bookings']);
    expect(failed).toMatchObject({ status: 'partial', pages_failed: 1 });

    simulator.faults.refusing = [];
    simulator.resetRequests();
    const [resumed] = await system.sync(['bookings']);
    expect(resumed).toMatchObject({ status: 'succeeded', pages_failed: 0 });
    // The broken month, and the one in which things may have changed since.
    const thisMonth = `${simulator.today(HOTEL).slice(0, 7)}-01`;
    expect(
      callsOf(simulator, 'getBookings')
        .map(({ start }) => start)
        .sort(),
    ).toEqual([broken, thisMonth]);
    const inThem = simulator
      .truth()
      [HOTEL]!.bookings.filter(({ last_update: day }) => [broken, thisMonth].includes(`${day.slice(0, 7)}-01`));
    expect(callsOf(simulator, 'getBooking')).toHaveLength(inThem.length);
    await expectHotelsMirrored(system.db, simulator);
    expectBalanced(await system.runs());

    simulator.resetRequests();
    await system.sync(['bookings']);
    expect(callsOf(simulator, 'getBookings'), 'one window since yesterday').toHaveLength(1);
  });

  test('of which single bookings could not be read goes on with those', async () => {
    const { simulator, system } = await start({ bookings: 120 });
    const thisMonth = simulator.today(HOTEL).slice(0, 7);
    const unread = simulator
      .truth()
      [HOTEL]!.bookings.filter((one) => one.last_update < thisMonth)
      .slice(0, 3);
    simulator.faults.refusing = unread.map(({ id }) => ({ method: 'getBooking', params: { id }, error: 'Сбой' }));
    await system.sync(['clients', 'rooms']);
    expect(await system.sync(['bookings'])).toMatchObject([{ status: 'partial', pages_failed: 3 }]);

    simulator.faults.refusing = [];
    simulator.resetRequests();
    expect(await system.sync(['bookings'])).toMatchObject([{ status: 'succeeded' }]);
    const asked = callsOf(simulator, 'getBooking').map(({ id }) => id);
    expect(unread.filter(({ id }) => !asked.includes(id))).toEqual([]);
    const months = new Set([...unread.map((one) => one.last_update.slice(0, 7)), thisMonth]);
    expect(callsOf(simulator, 'getBookings')).toHaveLength(months.size);
    await expectHotelsMirrored(system.db, simulator);
    await expectNobodyForgotten(system.db);
  });

  test('that loses its workers in the middle is completed by others, which read no booking twice', async () => {
    const { simulator, system } = await start({ bookings: 300, latencyMs: [20, 40] });
    await system.sync(['clients', 'rooms']);
    await system.request(['bookings']);
    await waitFor(() => callsOf(simulator, 'getBooking').length > 60, { describe: 'some bookings have been read' });
    await system.stopWorkers();
    const read = callsOf(simulator, 'getBooking').length;
    expect(read).toBeLessThan(300);
    const next = await startSystem({ backend, accounts: hotelAccounts(simulator), beside: system });
    opened.push(next);
    await next.settled();
    expect(callsOf(simulator, 'getBooking')).toHaveLength(300);
    expect(await next.runs()).toMatchObject(Array(3).fill({ status: 'succeeded' }));
    await expectHotelsMirrored(system.db, simulator);
  });

  test('whose queue is lost in the middle comes to its end all the same', async () => {
    const { simulator, system } = await start({ bookings: 150, latencyMs: [20, 40] });
    await system.sync(['clients', 'rooms']);
    await system.request(['bookings']);
    await waitFor(() => callsOf(simulator, 'getBooking').length > 40, { describe: 'some bookings have been read' });
    await loseQueue(backend, system);
    await system.settled();
    expect(await system.runs()).toMatchObject(Array(3).fill({ status: 'succeeded' }));
    await expectHotelsMirrored(system.db, simulator);
    expectBalanced(await system.runs());
    await expectNobodyForgotten(system.db);
  });

  test('with windows too large for the vendor halves them until they fit', async () => {
    const { simulator, system } = await start({ bookings: 100, faults: { largeWindow: { days: 5, answer: '504' } } });
    await system.sync();
    await expectHotelsMirrored(system.db, simulator);
    expect(callsOf(simulator, 'getBooking')).toHaveLength(100);
  });

  test('stops asking when the credentials are refused on the way', async () => {
    const { simulator, system } = await start({ bookings: 200, latencyMs: [5, 10] });
    await system.sync(['clients', 'rooms']);
    simulator.faults.refusing = [{ method: 'getBooking', error: 'Доступ запрещён' }];
    simulator.resetRequests();
    expect(await system.sync(['bookings'])).toMatchObject([{ status: 'failed', fetched: 0 }]);
    expect(callsOf(simulator, 'getBooking').length).toBeLessThan(30);
    expect(await system.table('sync_issues', "kind = 'unauthorized' and resolved_at is null")).toHaveLength(1);

    simulator.faults.refusing = [];
    await system.sync(['bookings']);
    await expectHotelsMirrored(system.db, simulator);
    expect(await system.table('sync_issues', "kind = 'unauthorized' and resolved_at is null")).toEqual([]);
  });

  test('of 20,000 clients is repeated without a single write', async () => {
    const { system } = await start({
      bookings: 40,
      clients: 20_000,
      clientsPageSize: 500,
      missingClients: 0,
      goneClients: 0,
    });
    await system.sync(['clients']);
    const before = await rowVersions(system.db);
    const [run] = await system.sync(['clients'], 'full');
    expect(run).toMatchObject({
      status: 'succeeded',
      fetched: 20_000,
      unchanged: 20_000,
      requests: expect.any(Number) as unknown,
    });
    expect(await rowVersions(system.db)).toEqual(before);
  });

  test('of a period reads that period only, and stands for no other run', async () => {
    const { simulator, system } = await start({ bookings: 150 });
    const from = monthBefore(simulator.today(HOTEL), 2);
    const to = `${from.slice(0, 7)}-20`;
    const [run] = await system.sync(['bookings'], 'incremental', { period: { from, to } });
    const inIt = simulator
      .truth()
      [HOTEL]!.bookings.filter(({ last_update: at }) => at >= from && at.slice(0, 10) <= to);
    expect(inIt.length).toBeGreaterThan(0);
    expect(run).toMatchObject({ status: 'succeeded', fetched: inIt.length, period: `${from}..${to}` });
    const [account] = system.accounts;
    const plan = await readListingPlan(system.db, { account: account!, entity: 'bookings', mode: 'incremental' });
    expect(plan).toMatchObject({ since: null, resume: null, today: simulator.today(HOTEL) });
  });
});

function callsOf({ requests }: LitepmsSimulator, method: string): Record<string, string>[] {
  return requests.calls.filter((call) => call.method === method).map((call) => call.params);
}

/** First day of the month that was so many months before this day. */
function monthBefore(day: string, months: number): string {
  const first = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  first.setUTCMonth(first.getUTCMonth() - months);
  return first.toISOString().slice(0, 10);
}
