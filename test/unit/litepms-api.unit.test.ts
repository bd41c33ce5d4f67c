import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { EntityDefinition, FetchContext } from '../../sources/define-source.ts';
import { Gone, Rejected, type SourceError, Unauthorized, Unavailable } from '../../sources/errors.ts';
import { connectSource } from '../../sources/http.ts';
import { call, rowsOf } from '../../sources/litepms/api.ts';
import { source } from '../../sources/litepms/index.ts';
import { hotelAccount, openHotel } from '../support/litepms-hotel.ts';

const LOGIN = 'front-desk@hotel.test';
const API_KEY = 'k3y/with+odd=signs';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of open.splice(0)) await end();
});

interface Asked {
  method: string;
  path: string;
  query: string;
  form: string;
}

/** A vendor that answers these bodies in turn, the last one for ever. */
const vendorSaying = (...bodies: unknown[]) => vendorWith(200, bodies);

async function vendorWith(status: number, bodies: unknown[]): Promise<{ context: FetchContext; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://vendor');
    asked.push({ method: request.method ?? '', path: pathname, query: search, form: await bodyOf(request) });
    const body = bodies.length > 1 ? bodies.shift() : bodies[0];
    response.statusCode = status;
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  const account = hotelAccount(baseUrl, { credentials: { login: LOGIN, apiKey: API_KEY } });
  const connection = connectSource(source, account);
  open.push(async () => {
    connection.close();
    await new Promise((resolve) => server.close(resolve));
  });
  return { context: { account, http: connection.open() }, asked };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

const entity = (name: string): EntityDefinition => source.entities.find((each) => each.name === name)!;

describe('a call', () => {
  test.each([
    [{ status: 'success', data: [{ id: 1 }] }],
    [{ success: true, data: [{ id: 1 }] }],
    [{ success: 'true', data: [{ id: 1 }] }],
    [{ status: 'success', response: [{ id: 1 }] }],
    [{ success: true, response: { 1: { id: 1 } } }],
    [{ status: 'success', data: { 1: { id: 1 } } }],
  ])('takes %j for a success', async (body) => {
    const { context } = await vendorSaying(body);
    expect(rowsOf(await call(context, 'getClients'), 'getClients')).toEqual([{ id: 1 }]);
  });

  test.each([[[]], [{}], [null], [false], ['']])('takes a successful %j for an empty list', async (data) => {
    const { context } = await vendorSaying({ status: 'success', data });
    expect(rowsOf(await call(context, 'getBookings'), 'getBookings')).toEqual([]);
  });

  test('reads the page numbers beside the data, as text or as numbers', async () => {
    const { context } = await vendorSaying({ status: 'success', page: '2', pages: 7, count: '300', data: [] });
    expect(await call(context, 'getClients')).toEqual({ data: [], page: 2, pages: 7 });
  });

  test.each([
    ['not an envelope', []],
    ['not an envelope', 'null'],
    ['not an envelope', { clients: [] }],
    ['a success without data', { status: 'success' }],
    ['HTML', '<html><body>Technical works</body></html>'],
    ['half of the JSON', '{"status":"success","da'],
    ['nothing', ''],
  ])('takes %s for a passing fault: %j', async (_, body) => {
    const { context } = await vendorSaying(body);
    await expect(call(context, 'getClients')).rejects.toThrow(Unavailable);
  });

  test.each([[{ 1: 'a' }], ['text'], [7], [true]])('takes a successful %j for no list', async (data) => {
    const { context } = await vendorSaying({ status: 'success', data });
    const answer = await call(context, 'getClients');
    expect(() => rowsOf(answer, 'getClients')).toThrow(Unavailable);
  });

  test.each([
    [{ status: 'error', error: 'Доступ запрещен' }],
    [{ status: 'error', error: ['access denied'] }],
    [{ status: 'error', message: 'Wrong API key' }],
    [{ success: false, error: 'Неверный логин или пароль' }],
    [{ status: 'error', data: 'недостаточно прав' }],
    [{ status: 'error', error: 'user not found: check your login' }],
    [{ status: 'error', error: 'hash is not defined' }],
  ])('takes %j for refused credentials', async (body) => {
    const { context } = await vendorSaying(body);
    await expect(call(context, 'getBooking', { id: '1' }, { record: /user|reservation/ })).rejects.toThrow(
      Unauthorized,
    );
  });

  test.each([
    [{ status: 'error', error: 'reservation id is not defined' }, 'reservation id is not defined'],
    [
      { status: 'error', error: ['Вы не указали дату выезда', 'Вы не указали количество мест'] },
      'Вы не указали дату выезда; Вы не указали количество мест',
    ],
    [{ status: 'error', error: { date: '&quot;date&quot; is wrong' } }, '"date" is wrong'],
    [{ success: 'false' }, 'without a reason'],
    [{ status: 'fail' }, 'without a reason'],
  ])('takes %j for a refusal and says what was said', async (body, words) => {
    const { context } = await vendorSaying(body);
    const error = await call(context, 'getBooking').catch((reason: SourceError) => reason);
    expect(error).toBeInstanceOf(Rejected);
    expect((error as SourceError).message).toContain(words);
    expect((error as SourceError).fields).toMatchObject({ source: 'litepms', account: 'main' });
  });

  test('takes a record for gone only when the refusal names it', async () => {
    const asking = { record: /reservation|booking|брон/i };
    const ask = async (error: string) => {
      const { context } = await vendorSaying({ status: 'error', error });
      return call(context, 'getBooking', { id: '1' }, asking).catch((reason: unknown) => reason);
    };
    for (const said of ['reservation not found', 'Бронирование не найдено', 'booking does not exist'])
      expect(await ask(said), said).toBeInstanceOf(Gone);
    for (const said of ['not found', 'method not found', 'hotel not found', 'reservation is locked'])
      expect(await ask(said), said).toBeInstanceOf(Rejected);
  });

  test.each([400, 404, 409, 422])('lets the body decide with HTTP %i, but not a page of HTML', async (status) => {
    const asking = { record: /reservation/ };
    const said = await vendorWith(status, [{ status: 'error', error: 'reservation not found' }]);
    await expect(call(said.context, 'getBooking', { id: '1' }, asking)).rejects.toThrow(Gone);
    const elsewhere = await vendorWith(status, ['<html>reservation not found</html>']);
    await expect(call(elsewhere.context, 'getBooking', { id: '1' }, asking)).rejects.toThrow(Rejected);
  });

  test('carries both credentials, in the query or in the form', async () => {
    const { context, asked } = await vendorSaying({ status: 'success', data: [] });
    await call(context, 'getClients', { page: '3' });
    await call(context, 'searchBooking', { type: 'stay' }, { form: true });
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/getClients',
      'POST /api/searchBooking',
    ]);
    const sent = { login: LOGIN, hash: API_KEY };
    expect(Object.fromEntries(new URLSearchParams(asked[0]!.query))).toEqual({ page: '3', ...sent });
    expect(Object.fromEntries(new URLSearchParams(asked[1]!.form))).toEqual({ type: 'stay', ...sent });
    expect(asked[1]!.query).toBe('');
  });

  test('shows neither credential in an error, even when the vendor repeats the whole address', async () => {
    const address = `https://litepms.test/api/getClients?${new URLSearchParams({ login: LOGIN, hash: API_KEY })}`;
    const bodies = [
      { status: 'error', error: `wrong key ${API_KEY} of ${LOGIN}` },
      { status: 'error', error: [`cannot read ${address}`] },
      { status: 'error', message: `try ${address}` },
      `<html>${address}</html>`,
    ];
    const { context } = await vendorSaying(...bodies);
    for (const _ of bodies) {
      const error = (await call(context, 'getClients').catch((reason: unknown) => reason)) as Error;
      expect(error).toBeInstanceOf(Error);
      const told = `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
      for (const secret of [LOGIN, API_KEY, encodeURIComponent(LOGIN), encodeURIComponent(API_KEY)])
        expect(told).not.toContain(secret);
    }
  });
});

describe('a record by its id', () => {
  const one = (name: string, context: FetchContext, id: string) => entity(name).one!.fetch(context, id);

  test('comes as it is, in an object or as the only one of a list', async () => {
    const record = { id: '77', name: 'Анна' };
    const { context, asked } = await vendorSaying({ success: true, data: record }, { success: true, data: [record] });
    expect(await one('clients', context, '77')).toEqual({ record });
    expect(await one('bookings', context, '77')).toEqual({ record });
    expect(asked.map(({ path }) => path)).toEqual(['/api/getClient', '/api/getBooking']);
  });

  test('is absent when the vendor says so', async () => {
    const { context } = await vendorSaying(
      { status: 'error', error: 'reservation not found' },
      { status: 'error', error: ['Клиент не найден'] },
      { status: 'error', error: 'room not found' },
    );
    expect(await one('bookings', context, '1')).toEqual({ absent: expect.stringContaining('not found') });
    expect(await one('clients', context, '1')).toEqual({ absent: expect.stringContaining('не найден') });
    expect(await one('rooms', context, '1')).toEqual({ absent: expect.stringContaining('not found') });
  });

  test.each([
    [null],
    [[]],
    [{}],
    [false],
  ])('that comes as %j: a client is absent, of a booking it is not enough', async (data) => {
    const { context } = await vendorSaying({ status: 'success', data });
    expect(await one('clients', context, '1')).toEqual({ absent: 'not found' });
    await expect(one('bookings', context, '1')).rejects.toThrow(Unavailable);
  });

  test('that is another one is a passing fault', async () => {
    const { context } = await vendorSaying({ status: 'success', data: { id: '2', booking_id: '1' } });
    for (const name of ['clients', 'bookings']) await expect(one(name, context, '1')).rejects.toThrow(Unavailable);
  });

  test('of a booking that cannot be asked for now is neither there nor absent', async () => {
    const { context } = await vendorSaying({ status: 'error', error: 'Доступ запрещен' }, '<html></html>');
    await expect(one('bookings', context, '1')).rejects.toThrow(Unauthorized);
    await expect(one('bookings', context, '1')).rejects.toThrow(Unavailable);
  });
});

describe('rooms', () => {
  test('come with their category inside, from the list and one by one', async () => {
    const hotel = await openHotel();
    open.push(hotel.end);
    const { records } = await hotel.read('rooms', ['all']);
    expect(records).toEqual(hotel.simulator.truth().main!.rooms);
    expect(records.every(({ category }) => category)).toBe(true);
    const found = await hotel.entity('rooms').one!.fetch(hotel.context, '303');
    expect(found).toEqual({ record: records.find(({ id }) => id === '303') });
    expect(await hotel.entity('rooms').one!.fetch(hotel.context, '999')).toEqual({ absent: 'not found' });
  });

  test('whose category the vendor does not name have none', async () => {
    const { context } = await vendorSaying(
      {
        status: 'success',
        data: [
          { id: '301', cat_id: '99' },
          { id: '302', cat_id: null },
        ],
      },
      { status: 'success', data: [{ id: '31', name: 'Домики' }] },
    );
    const page = await entity('rooms').listing.fetch(context, 'all');
    expect(page.records).toEqual([
      { id: '301', cat_id: '99', category: null },
      { id: '302', cat_id: null, category: null },
    ]);
  });
});
