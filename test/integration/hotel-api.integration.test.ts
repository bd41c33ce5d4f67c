import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import {
  boardAnswer,
  bookingAnswer,
  freeRoomsAnswer,
  guestAnswer,
  priceAnswer,
  problemAnswer,
  roomAnswer,
} from '../../hotel/api/answers.ts';
import { frontDesk } from '../../hotel/front-desk/index.ts';
import { queueBackends } from '../support/backends.ts';
import { ask, basic, useConsole } from '../support/console.ts';

const CARD = '4000001234567899';
const cardKey = Buffer.alloc(32, 7);
const XSS = '<img src=x onerror=alert(1)>';
const guest = (over: object = {}) => ({
  last_name: 'Выдуманная',
  first_name: 'Ада',
  passport_series: '4510',
  passport_number: '000001',
  ...over,
});
const room = (id: number, over: object = {}) => ({ id, area: 20, price_per_night: '1500.50', ...over });
const stay = (over: object = {}) => ({ room_id: 1, check_in: '2031-05-01', check_out: '2031-05-04', ...over });

/** The queue plays no part here: one backend is enough. */
const backend = queueBackends()[0]!;

describe('the hotel for programs', () => {
  const web = useConsole(backend);
  afterEach(async () => {
    await sql`delete from hotel.rooms`.execute(web.context.db);
    await sql`delete from hotel.guests`.execute(web.context.db);
  });

  const open = (
    options: { key?: Buffer | undefined; password?: string; viewerPassword?: string } = { key: cardKey },
  ) => {
    const { key, ...rest } = options;
    return web.open({ ...rest, sections: [frontDesk({ cardKey: () => key })] });
  };
  const call = async (
    url: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = body === undefined ? '' : JSON.stringify(body);
    const answer = await ask(`${url}/api/hotel/${path}`, method, { ...json, ...headers }, sent);
    return { ...answer, json: JSON.parse(answer.text) };
  };
  const count = async (table: string) =>
    (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(web.context.db)).rows[0]!.n;

  test('guests, rooms and bookings are made, read, listed, changed and deleted as the document says', async () => {
    const url = await open();
    expect((await call(url, 'POST', 'rooms', room(1))).status).toBe(201);
    const made = await call(url, 'POST', 'guests', guest({ last_name: XSS }));
    expect(made).toMatchObject({ status: 201, headers: { location: `/api/hotel/guests/${made.json.id}` } });
    guestAnswer.parse(made.json);
    const booked = await call(url, 'POST', 'bookings', stay({ guests: [{ id: made.json.id }], card_number: CARD }));
    expect(booked).toMatchObject({ status: 201, json: { total: '4501.50', nights: 3, card_last4: '7899' } });
    expect(booked.text).not.toContain(CARD);
    bookingAnswer.parse(booked.json);
    roomAnswer.parse((await call(url, 'GET', 'rooms/1')).json);
    const read = await call(url, 'GET', `bookings/${booked.json.id}`);
    expect(read.json).toEqual(booked.json);
    expect(read.headers.etag).toBe(booked.headers.etag);

    const condition = { 'if-match': String(read.headers.etag) };
    const moved = await call(url, 'PATCH', `bookings/${booked.json.id}`, { check_out: '2031-05-02' }, condition);
    expect(moved).toMatchObject({ status: 200, json: { total: '1500.50', guests: [{ last_name: XSS }] } });
    expect(moved.headers.etag).not.toBe(read.headers.etag);
    const stale = await call(url, 'PATCH', `bookings/${booked.json.id}`, { check_out: '2031-05-09' }, condition);
    expect(stale).toMatchObject({ status: 412, json: { code: 'CHANGED_MEANWHILE', current: moved.json.version } });
    expect((await call(url, 'DELETE', `bookings/${booked.json.id}`)).status).toBe(428);
    expect((await call(url, 'DELETE', `bookings/${booked.json.id}`, undefined, condition)).status).toBe(412);
    expect((await call(url, 'DELETE', `bookings/${booked.json.id}`, undefined, { 'if-match': 'W/"1"' })).status).toBe(
      412,
    );
    expect((await call(url, 'DELETE', `rooms/1`, undefined, { 'if-match': '*' })).json).toMatchObject({
      deleted_count: 1,
    });
    expect((await call(url, 'GET', `bookings/${booked.json.id}`)).status).toBe(404);
  });

  test('a list goes on where the page before has ended', async () => {
    const url = await open();
    for (const id of [1, 2, 3]) await call(url, 'POST', 'rooms', room(id));
    const first = await call(url, 'GET', 'rooms?limit=2');
    expect(first.json.items.map(({ id }: { id: number }) => id)).toEqual([1, 2]);
    const second = await call(url, 'GET', `rooms?limit=2&after=${first.json.next}`);
    expect(second.json).toMatchObject({ items: [{ id: 3 }], next: null });
    expect((await call(url, 'GET', 'rooms?after=nonsense')).json).toMatchObject({ code: 'VALUE_INVALID', status: 400 });
  });

  test('what is wrong is told by field, in the language the asker likes', async () => {
    const url = await open();
    const russian = { 'accept-language': 'ru' };
    const shape = await call(url, 'POST', 'rooms', { id: 'x', area: 1.5, colour: 'red' }, russian);
    expect(shape).toMatchObject({ status: 400, headers: { 'content-type': /^application\/problem\+json/ } });
    problemAnswer.parse(shape.json);
    const told = new Map(
      shape.json.errors.map((error: { field: string; message: string }) => [error.field, error.message]),
    );
    expect([...told.keys()].sort()).toEqual(['area', 'colour', 'id', 'price_per_night']);
    expect(told.get('area')).toBe('Площадь: целое число больше 0.');
    expect(told.get('price_per_night')).toBe('Цена за ночь: обязательно.');

    const price = await call(url, 'POST', 'rooms', room(9, { price_per_night: 'cheap' }));
    expect(price.json.errors).toMatchObject([{ field: 'price_per_night', code: 'VALUE_INVALID' }]);
    expect((await call(url, 'GET', 'board?from=0000-01-01')).json).toMatchObject({ status: 400, code: 'VALUE_INVALID' });

    await call(url, 'POST', 'rooms', room(1));
    const nested = await call(url, 'POST', 'bookings', stay({ guests: [guest({ first_name: 7 })] }));
    expect(nested.json.errors).toMatchObject([
      { field: 'guests.0.first_name', message: 'First name: 1 to 20 characters.' },
    ]);
    const rule = await call(url, 'POST', 'bookings', stay({ guests: [guest({ phone: '123' })] }), russian);
    expect(rule).toMatchObject({
      status: 422,
      json: { code: 'RULE_BROKEN', errors: [{ field: 'guests.0.phone', constraint: 'guests_phone_check' }] },
    });
    expect((await call(url, 'POST', 'rooms', room(1))).json).toMatchObject({ status: 409, code: 'RULE_BROKEN' });
    expect(await count('hotel.guests')).toBe(0);
  });

  test('a room that is taken is refused with the booking that has it', async () => {
    const url = await open();
    await call(url, 'POST', 'rooms', room(1));
    const first = await call(url, 'POST', 'bookings', stay());
    const second = await call(url, 'POST', 'bookings', stay({ check_in: '2031-05-03', check_out: '2031-05-06' }));
    expect(second).toMatchObject({
      status: 409,
      json: { code: 'ROOM_TAKEN', conflict: { booking_id: first.json.id, room_id: 1, check_in: '2031-05-01' } },
    });
    problemAnswer.parse(second.json);
  });

  test('a request that is sent again under its key has one effect and one answer', async () => {
    const url = await open();
    await call(url, 'POST', 'rooms', room(1));
    const key = { 'idempotency-key': 'booking-1' };
    const body = stay({ guests: [guest()], card_number: CARD });
    const all = await Promise.all(Array.from({ length: 8 }, () => call(url, 'POST', 'bookings', body, key)));
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 201));
    expect(new Set(all.map(({ json }) => json.id)).size).toBe(1);
    expect(all.filter(({ headers }) => headers['idempotent-replayed']).length).toBe(7);
    expect([await count('hotel.bookings'), await count('hotel.guests')]).toEqual([1, 1]);

    const other = await call(url, 'POST', 'bookings', { ...body, check_out: '2031-05-09' }, key);
    expect(other).toMatchObject({ status: 422, json: { code: 'KEY_REUSED' } });
    expect(await call(url, 'POST', 'rooms', room(2), key)).toMatchObject({ status: 422 });
    const { rows } = await sql<{ all: string }>`select r::text as all from hotel.api_requests r`.execute(
      web.context.db,
    );
    expect(JSON.stringify(rows)).not.toContain(CARD);

    await sql`update hotel.api_requests set at = now() - interval '25 hours'`.execute(web.context.db);
    expect(await call(url, 'POST', 'bookings', body, key)).toMatchObject({
      status: 409,
      json: { code: 'RULE_BROKEN' },
    });
  });

  test('a key whose request was refused can be used again', async () => {
    const url = await open();
    const key = { 'idempotency-key': 'retry' };
    expect((await call(url, 'POST', 'bookings', stay(), key)).status).toBe(422);
    await call(url, 'POST', 'rooms', room(1));
    expect((await call(url, 'POST', 'bookings', stay(), key)).status).toBe(201);
    expect((await call(url, 'POST', 'bookings', stay(), { 'idempotency-key': 'ключ'.slice(0, 0) })).status).toBe(400);
  });

  test('a card is refused without a key, and never told', async () => {
    const url = await open({ key: undefined });
    await call(url, 'POST', 'rooms', room(1));
    const refused = await call(url, 'POST', 'bookings', stay({ card_number: CARD }));
    expect(refused).toMatchObject({
      status: 422,
      json: { code: 'CARD_KEY_MISSING', errors: [{ field: 'card_number' }] },
    });
    expect(refused.text).not.toContain(CARD);
    const wrong = await call(url, 'POST', 'bookings', stay({ card_number: 4000001234567899 }));
    expect(wrong.status).toBe(400);
    expect(wrong.text).not.toContain('400000');
  });

  test('free rooms, prices and the board are told as the document says', async () => {
    const url = await open();
    await call(url, 'POST', 'rooms', room(1));
    await call(url, 'POST', 'rooms', room(2, { class: 'luxury', has_kitchen: true, price_per_night: 3000 }));
    await call(url, 'POST', 'bookings', stay());
    const days = 'check_in=2031-05-03&check_out=2031-05-05';
    const free = await call(url, 'GET', `free-rooms?${days}`);
    expect(free.json).toMatchObject({ items: [{ id: 2, total: '6000.00', nights: 2 }] });
    freeRoomsAnswer.parse(free.json);
    expect((await call(url, 'GET', `free-rooms?${days}&kitchen=false`)).json.items).toEqual([]);
    expect((await call(url, 'GET', `free-rooms?${days}&max_price=2999,99`)).json.items).toEqual([]);
    const price = await call(url, 'GET', `price?room_id=1&${days}`);
    expect(price.json).toMatchObject({ total: '3001.00', conflict: { room_id: 1 } });
    priceAnswer.parse(price.json);
    const board = await call(url, 'GET', 'board?from=2031-05-01&days=7');
    boardAnswer.parse(board.json);
    expect(board.json.rooms[0].stays).toHaveLength(1);
    expect((await call(url, 'GET', 'guests/1000000/goes-along')).status).toBe(404);
  });

  test('a viewer reads and changes nothing', async () => {
    const url = await open({ key: cardKey, password: 'admin-pw', viewerPassword: 'viewer-pw' });
    const viewer = basic('viewer-pw');
    expect((await call(url, 'GET', 'rooms', undefined, viewer)).status).toBe(200);
    for (const [method, path] of [
      ['POST', 'rooms'],
      ['PATCH', 'rooms/1'],
      ['DELETE', 'rooms/1'],
    ] as const)
      expect(
        (await call(url, method, path, method === 'DELETE' ? undefined : room(1), viewer)).status,
        `${method} ${path}`,
      ).toBe(403);
    expect(await count('hotel.rooms')).toBe(0);
  });

  test('every route stands in the OpenAPI document', async () => {
    const url = await open();
    const { paths } = JSON.parse((await ask(`${url}/api/openapi.json`)).text);
    const routes = Object.entries<object>(paths).flatMap(([path, methods]) =>
      path.startsWith('/api/hotel') ? Object.keys(methods).map((method) => `${method} ${path.slice(11)}`) : [],
    );
    for (const name of ['guests', 'rooms', 'bookings'])
      expect(routes).toEqual(
        expect.arrayContaining(
          ['get', 'post'].map((m) => `${m} ${name}`).concat(['get', 'patch', 'delete'].map((m) => `${m} ${name}/{id}`)),
        ),
      );
    expect(routes).toEqual(expect.arrayContaining(['get free-rooms', 'get price', 'get board']));
  });
});
