import { afterEach, describe, expect, test } from 'vitest';
import { openRun } from '../../db/runs/open-run.ts';
import { SYNC_QUEUE } from '../../jobs/plan-sync.ts';
import { startLitepmsSimulator } from '../../sources/litepms/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced, rowVersions } from '../support/invariants.ts';
import { expectHotelsMirrored, hotelAccounts } from '../support/litepms-truth.ts';
import { startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const SEED = 11;
const HOTEL = 'main';
const DAY_MS = 86_400_000;

describe.each(queueBackends())('the hot set of LitePMS with the queue on $name', (backend) => {
  const opened: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.stop();
  });

  async function start() {
    const simulator = await startLitepmsSimulator({
      seed: SEED,
      limits: null,
      bookings: 160,
      historyDays: 150,
      hotels: { [HOTEL]: {} },
    });
    opened.push({ stop: () => simulator.close() });
    const system = await startSystem({ backend, accounts: hotelAccounts(simulator) });
    opened.push(system);
    await system.sync();
    const today = simulator.today(HOTEL);
    // The window of the next runs begins yesterday: what has changed before is not in it.
    const lately = new Date(Date.parse(today) - 2 * DAY_MS).toISOString();
    const inHouse = simulator
      .truth()
      [HOTEL]!.bookings.filter(
        ({ date_in: from, date_out: to, status_id: status, last_update: at }) =>
          from.slice(0, 10) <= today && to.slice(0, 10) > today && status !== '3' && at < lately,
      );
    expect(inHouse.length, `seed ${SEED}`).toBeGreaterThan(1);
    return { simulator, system, inHouse };
  }

  test('finds changes of guests in the house that the change list keeps quiet about, and counts them', async () => {
    const { simulator, system, inHouse } = await start();
    const [quiet, moved] = inHouse;
    simulator.faults.missedChanges = 1;
    simulator.mutate.editBooking(HOTEL, quiet!.id, { price: '1.00' });
    // Not among the stays of these days any more; the row here still says so.
    simulator.mutate.editBooking(HOTEL, moved!.id, { date_in: '2030-01-01 14:00:00', date_out: '2030-01-05 12:00:00' });
    expect(await system.sync(['bookings'])).toMatchObject([{ status: 'succeeded', updated: 0, missed: 0 }]);

    const [hot] = await system.sync(['bookings'], 'incremental', { hotSet: true });
    expect(hot).toMatchObject({ status: 'succeeded', updated: 2, missed: 2 });
    await expectHotelsMirrored(system.db, simulator);
    expectBalanced(await system.runs());
  });

  test('does not count what the change list had told of, and writes nothing when nothing has changed', async () => {
    const { simulator, system, inHouse } = await start();
    simulator.mutate.editBooking(HOTEL, inHouse[0]!.id, { price: '2.00' });
    const [hot] = await system.sync(['bookings'], 'incremental', { hotSet: true });
    expect(hot).toMatchObject({ status: 'succeeded', updated: 1, missed: 0 });
    const before = await rowVersions(system.db);
    const [again] = await system.sync(['bookings'], 'incremental', { hotSet: true });
    expect(again).toMatchObject({ status: 'succeeded', updated: 0, missed: 0, unchanged: again!.fetched });
    expect(again!.fetched).toBeGreaterThan(inHouse.length);
    expect(await rowVersions(system.db)).toEqual(before);
  });

  test('waits for a run that is going, and many that wait become one', async () => {
    const { system } = await start();
    const busy = {
      source: 'litepms',
      account: HOTEL,
      entity: 'bookings',
      mode: 'incremental',
      trigger: 'manual',
    } as const;
    const { runId } = await openRun(system.db, busy, { pages: ['2026-01-01..2026-01-01'] });
    const asked = (system.jobsRun()['plan-sync'] ?? 0) + 5;
    for (let n = 0; n < 5; n += 1) await system.request(['bookings'], 'incremental', { hotSet: true });
    await waitFor(() => system.jobsRun()['plan-sync'] === asked, { describe: 'all five have been looked at' });
    const waiting = await system.queues.queue(SYNC_QUEUE).getDelayed();
    expect(waiting.map((job) => job.data)).toContainEqual(expect.objectContaining({ hotSet: true, again: true }));
    // Two when the five were asked at the turn of two spans of time.
    expect(waiting.length).toBeLessThanOrEqual(2);
    expect(await system.table('sync_log', "status = 'running'")).toMatchObject([{ id: runId, hot_set: false }]);
  });

  test('asks for each booking once, however many of its lists name it', async () => {
    const { simulator, system } = await start();
    simulator.resetRequests();
    await system.sync(['bookings'], 'incremental', { hotSet: true });
    const asked = simulator.requests.calls.filter((call) => call.method === 'getBooking').map((call) => call.params.id);
    expect(asked.length).toBe(new Set(asked).size);
    expect(simulator.requests.byMethod.searchBooking).toBeGreaterThanOrEqual(3);
  });
});
