import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { simulate } from '../../sources/litepms/simulate.ts';
import { type RawBooking, startLitepmsSimulator } from '../../sources/litepms/simulator.ts';
import { ask, type Body, changedOn, dataOf, listOf, openVendors } from '../support/litepms-vendor.ts';

const { start, also, endAll } = openVendors();
afterEach(endAll);

describe('the simulated hotels', () => {
  test('hold the same data for the same seed and day, others for another, and share their ids', async () => {
    const today = '2026-03-10';
    const [a, b, c] = [await start({ today }), await start({ today }), await start({ today, seed: 2 })];
    expect(a.truth()).toEqual(b.truth());
    expect(a.truth()).not.toEqual(c.truth());
    const { main, riverside } = a.truth();
    expect(main!.bookings.map(({ id }) => id)).toEqual(riverside!.bookings.map(({ id }) => id));
    expect(main!.bookings).not.toEqual(riverside!.bookings);
  });

  test('start at once with a million bookings, and find the changed ones of a day', async () => {
    const simulator = await start({ bookings: 1_000_000, historyDays: 3000 });
    const today = simulator.today('main');
    const ids = await changedOn(simulator, today, today);
    expect(ids.length).toBeGreaterThan(100);
    const booking = await dataOf<RawBooking>(simulator, 'getBooking', { id: ids[0]! });
    expect(booking.last_update.slice(0, 10)).toBe(today);
  });

  test('have guests in the house, and some who arrive and leave these days, with a status that fits', async () => {
    const simulator = await start({ today: '2026-03-10' });
    const { bookings } = simulator.truth().main!;
    const inHouse = bookings.filter(({ status_id }) => status_id === '6');
    expect(inHouse.length).toBeGreaterThan(3);
    for (const { date_in, date_out } of inHouse) expect(date_in < '2026-03-10' && date_out > '2026-03-10').toBe(true);
    expect(new Set(bookings.map(({ status_id }) => status_id)).size).toBeGreaterThan(4);
    expect(bookings.every(({ last_update, date }) => String(date) <= last_update && last_update < '2026-03-11')).toBe(
      true,
    );
    const at = async (type: string, from_date: string, to_date: string) =>
      (await listOf(simulator, 'searchBooking', { type, from_date, to_date })).map(({ id }) => id);
    const arriving = bookings.filter(({ date_in }) => date_in.slice(0, 10) === '2026-03-11').map(({ id }) => id);
    expect(await at('checkin', '2026-03-11', '2026-03-11')).toEqual(arriving);
    expect((await at('stay', '2026-03-10', '2026-03-10')).length).toBeGreaterThanOrEqual(inHouse.length);
  });

  test('have bookings without a guest card, with a guest who is in no list, and with one who is nowhere', async () => {
    const simulator = await start({ clientlessShare: 0.3 });
    const { bookings, missingClientIds, goneClientIds } = simulator.truth().main!;
    expect(bookings.filter(({ client_id }) => client_id === '0').length).toBeGreaterThan(10);
    expect(missingClientIds).toHaveLength(8);
    expect(goneClientIds).toHaveLength(2);
    await dataOf(simulator, 'getClient', { id: missingClientIds[0]! });
    expect((await ask(simulator, 'getClient', { id: goneClientIds[0]! })).json()).toMatchObject({ status: 'error' });
  });

  test('refuse options that contradict each other', async () => {
    await expect(startLitepmsSimulator({ hotels: {} })).rejects.toThrow('at least one hotel');
    await expect(startLitepmsSimulator({ bookings: 10, missingClients: 8, goneClients: 2 })).rejects.toThrow(
      'bookings must be at least 14',
    );
  });
});

describe('the simulated API', () => {
  test('says success in every way that clients have seen, unless it is told to be plain', async () => {
    const simulator = await start();
    const shapes = new Set<string>();
    for (let n = 0; n < 10; n += 1) {
      const body = (await ask(simulator, 'getCategories')).json();
      const list = Array.isArray(body.data ?? body.response) ? 'list' : 'object';
      shapes.add(`${JSON.stringify(body.status ?? body.success)} ${'response' in body ? 'response' : 'data'} ${list}`);
    }
    expect([...shapes].sort()).toEqual(
      [
        '"success" data list',
        'true data list',
        '"true" data list',
        '"success" response list',
        '"success" data object',
      ].sort(),
    );
    const plain = await start({ envelopes: 'plain' });
    for (let n = 0; n < 5; n += 1)
      expect((await ask(plain, 'getCategories')).json()).toEqual({ status: 'success', data: expect.any(Array) });
  });

  test('refuses with HTTP 200 and the literal texts, as a text or a list', async () => {
    const simulator = await start({ today: '2026-03-10' });
    const said = async (method: string, params?: Record<string, string>, hotel?: string) => {
      const { status, json } = await ask(simulator, method, params, hotel);
      expect(status).toBe(200);
      expect(json().status).toBe('error');
      return [json().error].flat().join('; ');
    };
    expect(await said('getBookings')).toBe('start or finish is not defined');
    expect(await said('getBookings', { start: '2015-01-01', finish: '2015-02-01' })).toContain('later 01-01-2015');
    const tooLate = { start: '2026-03-01', finish: '2026-03-11' };
    expect(await said('getBookings', tooLate)).toBe('finish must be earlier2026-03-11');
    expect(await said('getBooking')).toBe('reservation id is not defined');
    expect(await said('getBooking', { id: '1' })).toBe('reservation not found');
    expect(await said('getRooms', {}, 'nobody')).toMatch(/access denied|Доступ запрещен/);
    const shapes = new Set<string>();
    for (let n = 0; n < 4; n += 1) shapes.add(typeof (await ask(simulator, 'getBooking')).json().error);
    expect(shapes).toEqual(new Set(['string', 'object']));
  });

  test('takes the credentials and parameters in a form as well', async () => {
    const simulator = await start();
    const body = new URLSearchParams({ login: 'main-login', hash: 'main-api-key', id: '5000001' });
    const response = await fetch(`${simulator.url}/getBooking`, { method: 'POST', body });
    expect(((await response.json()) as Body).error).toBeUndefined();
    expect(simulator.requests.calls).toEqual([{ hotel: 'main', method: 'getBooking', params: { id: '5000001' } }]);
  });

  test('counts what was asked, by method and hotel, and starts anew on demand', async () => {
    const simulator = await start();
    await ask(simulator, 'getRooms');
    await ask(simulator, 'getRooms', {}, 'riverside');
    expect(simulator.requests).toMatchObject({
      total: 2,
      byMethod: { getRooms: 2 },
      byHotel: { main: 1, riverside: 1 },
    });
    simulator.resetRequests();
    expect(simulator.requests).toMatchObject({ total: 0, byMethod: {}, calls: [] });
  });

  test('lets each hotel have its budget and no more', async () => {
    const simulator = await start({ limits: { read: 3 } });
    for (let n = 0; n < 3; n += 1) expect((await ask(simulator, 'getRooms')).status).toBe(200);
    const refused = await ask(simulator, 'getRooms');
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await ask(simulator, 'getRooms', {}, 'riverside')).status).toBe(200);
    expect(simulator.requests.rateLimited).toBe(1);
  });
});

describe('changes at the vendor', () => {
  const TODAY = '2026-03-10';
  const YEAR = ['2026-01-01', TODAY] as const;

  test('stand in the change list of their day, and in no other any more', async () => {
    const simulator = await start({ today: TODAY });
    const [id] = await changedOn(simulator, '2025-06-01', '2025-12-31');
    const edited = simulator.mutate.editBooking('main', id!, { price: '1.00', status_id: '3' });
    expect(edited).toMatchObject({ price: '1.00', status_name: 'canceled' });
    expect(await changedOn(simulator, '2025-06-01', '2025-12-31')).not.toContain(id);
    expect(await changedOn(simulator, TODAY, TODAY)).toContain(id);
    expect(await dataOf(simulator, 'getBooking', { id: id! })).toEqual(edited);
    const created = simulator.mutate.createBooking('main', { client_id: '1002' });
    expect(created.client_name).toBe((await dataOf<Body>(simulator, 'getClient', { id: '1002' })).name);
    expect(await changedOn(simulator, TODAY, TODAY)).toContain(created.id);
    simulator.setToday('2026-03-11');
    simulator.mutate.editBooking('main', id!, {});
    expect(await changedOn(simulator, TODAY, TODAY)).not.toContain(id);
  });

  test('may be missed by the change list, and then are in the record alone', async () => {
    const simulator = await start({ today: TODAY, faults: { missedChanges: 1 } });
    const [id] = await changedOn(simulator, '2025-06-01', '2025-12-31');
    simulator.mutate.editBooking('main', id!, { price: '1.00' });
    expect(await changedOn(simulator, TODAY, TODAY)).not.toContain(id);
    expect(await dataOf(simulator, 'getBooking', { id: id! })).toMatchObject({ price: '1.00' });
  });

  test('may be deletions, which the change list names or not, and which can be undone', async () => {
    const simulator = await start({ today: TODAY });
    const [id] = await changedOn(simulator, ...YEAR);
    simulator.mutate.deleteBooking('main', id!);
    expect((await ask(simulator, 'getBooking', { id: id! })).json().error).toBeDefined();
    expect(await changedOn(simulator, ...YEAR)).not.toContain(id);
    simulator.faults.listDeleted = true;
    expect(await changedOn(simulator, TODAY, TODAY)).toContain(id);
    expect(simulator.truth().main).toMatchObject({ deletedBookingIds: [id] });
    simulator.mutate.restoreBooking('main', id!);
    expect(await dataOf(simulator, 'getBooking', { id: id! })).toMatchObject({ id });
    expect(simulator.truth().main!.deletedBookingIds).toEqual([]);
  });

  test('of clients and rooms are seen at once', async () => {
    const simulator = await start({ clients: 20, clientsPageSize: 100 });
    const { mutate } = simulator;
    const created = mutate.createClient('main', { name: 'Новый' });
    mutate.editClient('main', '1001', { name: 'Другой' });
    mutate.deleteClient('main', '1002');
    const clients = await listOf(simulator, 'getClients');
    expect(clients.find(({ id }) => id === created.id)).toMatchObject({ name: 'Новый' });
    expect(clients.find(({ id }) => id === '1001')).toMatchObject({ name: 'Другой' });
    expect(clients.some(({ id }) => id === '1002')).toBe(false);
    expect((await ask(simulator, 'getClient', { id: '1002' })).json().error).toBeDefined();
    const room = mutate.createRoom('main', { name: 'Новый' });
    mutate.editRoom('main', '301', { name: 'Другой' });
    mutate.deleteRoom('main', '302');
    const rooms = await listOf(simulator, 'getRooms');
    expect(rooms.find(({ id }) => id === room.id)).toMatchObject({ name: 'Новый' });
    expect(rooms.find(({ id }) => id === '301')).toMatchObject({ name: 'Другой' });
    expect(rooms.some(({ id }) => id === '302')).toBe(false);
    expect(() => mutate.editClient('main', '1002', {})).toThrow('no client 1002');
    expect(() => mutate.createBooking('elsewhere')).toThrow('no hotel elsewhere');
  });

  test('are posted as forms whose booking_id is the internal id, twice and with nonsense on demand', async () => {
    const bodies: string[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      bodies.push(`${request.headers['content-type']} ${request.url} ${body}`);
      response.end('OK');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    also(() => new Promise((resolve) => server.close(resolve)));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const simulator = await start({ webhookUrl: (hotel) => `${base}/${hotel}`, faults: { webhookRepeats: 1 } });
    const booking = simulator.mutate.createBooking('main');
    await simulator.webhooksSettled();
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toMatch(/^application\/x-www-form-urlencoded \/main type=new_booking&/);
    expect(bodies[0]).toContain(`booking_id=${booking.id}&user_booking_id=${booking.booking_id}`);
    simulator.sendWebhook('riverside', { hello: 'world' });
    await simulator.webhooksSettled();
    expect(bodies[2]).toMatch(/\/riverside hello=world$/);
    expect(simulator.webhooks).toEqual({ sent: 3, failed: 0 });
  });

  test('can go on all the time', async () => {
    const simulator = await start({ today: TODAY });
    const before = JSON.stringify(simulator.truth());
    simulator.startLiveMutation(1);
    await expect.poll(() => JSON.stringify(simulator.truth()) !== before).toBe(true);
    simulator.stopLiveMutation();
  });
});

test.each([0, 1, 2, 5, 10, 21, 59, 100])('a trial of %i records can be had', async (records) => {
  const simulation = await simulate({ records, seed: 1 });
  also(() => simulation.close());
  expect(Object.keys(simulation.accounts)).toHaveLength(2);
});

test('a trial has a few bookings for each of the other vendors’ many, and settings that read them', async () => {
  const simulation = await simulate({ records: 2000, seed: 1 });
  also(() => simulation.close());
  expect(Object.keys(simulation.accounts)).toEqual(['main', 'riverside']);
  const { login, apiKey, from } = simulation.accounts.main!;
  const url = `${simulation.baseUrl}/getBookings?${new URLSearchParams({ login: login!, hash: apiKey!, start: from!, finish: from! })}`;
  expect(((await (await fetch(url)).json()) as Body).error).toBeUndefined();
});
