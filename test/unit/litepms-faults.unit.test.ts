import { afterEach, describe, expect, test } from 'vitest';
import { ask, type Body, changedOn, dataOf, listOf, openVendors } from '../support/litepms-vendor.ts';

const { start, endAll } = openVendors();
afterEach(endAll);

describe('faults of the simulated LitePMS', () => {
  test.each([
    ['serverErrorHtml', 500],
    ['htmlOk', 200],
    ['truncatedJson', 200],
    ['rateLimitSeconds', 429],
    ['rateLimitDate', 429],
  ] as const)('%s spoils the answer', async (fault, least) => {
    const simulator = await start({ faults: { [fault]: 1 } });
    const { status, json, headers } = await ask(simulator, 'getRooms');
    expect(status).toBeGreaterThanOrEqual(least);
    if (least !== 429) expect(json).toThrow();
    else expect(headers.get('retry-after')).toMatch(fault === 'rateLimitDate' ? /GMT$/ : /^1$/);
  });

  test('that pass spoil one request at most three times in a row', async () => {
    const simulator = await start({ faults: { reset: 0.95 } });
    let failed = 0;
    for (;;) {
      const answer = await ask(simulator, 'getRooms').catch(() => undefined);
      if (answer) break;
      failed += 1;
    }
    expect(failed).toBeLessThanOrEqual(3);
  });

  test('can be meant for one request, with a status or with words', async () => {
    const simulator = await start();
    simulator.faults.failing = [{ method: 'getClients', hotel: 'main', params: { page: '2' } }];
    simulator.faults.refusing = [{ method: 'getRooms', error: ['нет прав', 'на номера'] }];
    expect((await ask(simulator, 'getClients', { page: '2' })).status).toBe(500);
    expect((await ask(simulator, 'getClients', { page: '1' })).status).toBe(200);
    expect((await ask(simulator, 'getClients', { page: '2' }, 'riverside')).status).toBe(200);
    expect((await ask(simulator, 'getRooms')).json()).toEqual({ status: 'error', error: ['нет прав', 'на номера'] });
  });

  test('lose a part of the clients’ list and keep the pages consistent', async () => {
    const simulator = await start({ clients: 200, faults: { hideClients: 0.3 }, clientsPageSize: 500 });
    const rows = await listOf(simulator, 'getClients');
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.length).toBeLessThan(85);
    simulator.faults.hideClients = 0;
    expect(await listOf(simulator, 'getClients')).toHaveLength(100);
  });

  test('stop finding records that are there', async () => {
    const simulator = await start({ faults: { notFound: 1 } });
    expect((await ask(simulator, 'getBooking', { id: '5000001' })).json().error).toBeDefined();
    simulator.faults.notFound = 0;
    expect(await dataOf(simulator, 'getBooking', { id: '5000001' })).toMatchObject({ id: '5000001' });
  });

  test('repeat rows without losing one', async () => {
    const simulator = await start({ clients: 80, clientsPageSize: 7, faults: { duplicateRows: 0.2 } });
    const all: string[] = [];
    for (let page = 1; ; page += 1) {
      const rows = await listOf(simulator, 'getClients', { page: String(page) });
      if (rows.length === 0) break;
      all.push(...rows.map(({ id }) => id));
    }
    expect(new Set(all).size).toBe(40);
    expect(all.length).toBeGreaterThan(40);
  });

  test('break some bookings, and write values in other types', async () => {
    const simulator = await start({ faults: { brokenRecords: 5, wrongTypes: 1, unknownFields: 1 } });
    const { brokenBookingIds, bookings } = simulator.truth().main!;
    expect(new Set(brokenBookingIds).size).toBe(5);
    const whole = bookings.find(({ id }) => !brokenBookingIds.includes(id))!;
    const seen = await dataOf<Body>(simulator, 'getBooking', { id: whole.id });
    expect(seen).toMatchObject({ id: Number(whole.id), client_address: null, children: '0' });
  });

  test('hold an answer back until the simulator ends', async () => {
    const simulator = await start({ today: '2026-03-10', faults: { largeWindow: { days: 3, answer: 'hold' } } });
    const small = await changedOn(simulator, '2026-01-01', '2026-01-03');
    expect(small).toBeInstanceOf(Array);
    const held = ask(simulator, 'getBookings', { start: '2026-01-01', finish: '2026-01-04' }).then(
      () => 'answered',
      () => 'cut off',
    );
    await expect.poll(() => simulator.requests.total).toBe(2);
    await simulator.close();
    expect(await held).toBe('cut off');
  });
});
