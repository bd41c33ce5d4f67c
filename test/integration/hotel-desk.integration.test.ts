import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, type Db } from '../../db/connection.ts';
import { sqlState } from '../../db/sql-state.ts';
import { bookIn, createBooking, deleteBooking, updateBooking } from '../../hotel/bookings.ts';
import { showCard } from '../../hotel/card.ts';
import { bookingsOfOtherKeys, changeCardKey } from '../../hotel/change-card-key.ts';
import { findFreeRooms } from '../../hotel/find-free-rooms.ts';
import { createGuest, deleteGuest, listGuests, readGuest, updateGuest } from '../../hotel/guests.ts';
import { HotelRule } from '../../hotel/hotel-rule.ts';
import { previewPrice } from '../../hotel/preview-price.ts';
import { readBoard } from '../../hotel/read-board.ts';
import { listBookings, readBooking } from '../../hotel/read-bookings.ts';
import { createRoom, deleteRoom, listRooms, readRoom, updateRoom } from '../../hotel/rooms.ts';
import { bookInInput, guestInput, roomInput } from '../../hotel/shapes.ts';
import { whatGoesAlong } from '../../hotel/what-goes-along.ts';
import { closeLogger, createLogger, flushLogger, logFileOf } from '../../log/create-logger.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const CARD = '4000001234567899';
const cardKey = Buffer.alloc(32, 7);
const actor = 'desk';

let database: TestDatabase;
let connection: Connection;
let db: Db;

beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect({ url: database.url, max: 60, onError: () => {} });
  ({ db } = connection);
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});
afterEach(async () => {
  await sql`delete from hotel.rooms`.execute(db);
  await sql`delete from hotel.guests`.execute(db);
});

const today = async (plus = 0) =>
  (await sql<{ day: string }>`select hotel.today() + ${plus}::integer as day`.execute(db)).rows[0]!.day;
const room = (id: number, over: Record<string, unknown> = {}) =>
  createRoom(db, roomInput.parse({ id, area: 20, price_per_night: '1500.50', ...over }));
let passports = 0;
const person = (over: Record<string, unknown> = {}) => {
  passports += 1;
  const passport_number = String(passports).padStart(6, '0');
  return guestInput.parse({
    last_name: 'Выдуманная',
    first_name: 'Ада',
    passport_series: '4510',
    passport_number,
    ...over,
  });
};
const stay = async (room_id: number, from: number, to: number) => ({
  room_id,
  check_in: await today(from),
  check_out: await today(to),
});
const ruleOf = (work: Promise<unknown>): Promise<HotelRule> =>
  work.then(
    () => expect.unreachable('nothing was refused'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(HotelRule);
      return error as HotelRule;
    },
  );

describe('at the desk', () => {
  test('a new guest is booked in at once, or not at all', async () => {
    await room(1);
    const booking = await bookIn(db, bookInInput.parse({ booking: await stay(1, 0, 2), guests: [person()] }));
    expect(booking).toMatchObject({
      nights: 2,
      total: '3001.00',
      guests: [{ last_name: 'Выдуманная' }],
      card_last4: null,
    });
    const rule = await ruleOf(bookIn(db, bookInInput.parse({ booking: await stay(1, 1, 3), guests: [person()] })));
    expect(rule).toMatchObject({
      code: 'ROOM_TAKEN',
      field: 'check_in',
      conflict: { booking_id: booking.id, room_id: 1 },
    });
    expect(rule.messages.ru).toContain(`бронь ${booking.id}`);
    expect((await listGuests(db, {})).items).toHaveLength(1);
  });

  test('what is wrong with the second guest is told of the second guest', async () => {
    await room(1);
    const guests = [person(), person({ phone: '12' })];
    const rule = await ruleOf(bookIn(db, bookInInput.parse({ booking: await stay(1, 0, 2), guests })));
    expect(rule).toMatchObject({ code: 'RULE_BROKEN', field: 'guests.1.phone', constraint: 'guests_phone_check' });
    expect([(await listGuests(db, {})).items, (await listBookings(db, {})).items]).toEqual([[], []]);
  });

  test('a rule names its field in both languages', async () => {
    expect(await ruleOf(room(1, { area: 0 }))).toMatchObject({
      field: 'area',
      messages: { ru: expect.stringMatching(/^Площадь/) },
    });
    expect(await ruleOf(room(1, { price_per_night: '1,005' }))).toMatchObject({ field: 'price_per_night' });
    expect(await ruleOf(createGuest(db, { ...person(), last_name: null as never }))).toMatchObject({
      code: 'VALUE_MISSING',
      field: 'last_name',
      messages: { en: 'Last name: required.', ru: 'Фамилия: обязательно.' },
    });
    expect(await ruleOf(room(1, { price_per_night: 'much' }))).toMatchObject({ code: 'VALUE_INVALID', field: null });
    expect(await ruleOf(createBooking(db, { ...(await stay(9, 1, 2)), card_number: null }))).toMatchObject({
      field: 'room_id',
    });
  });

  test('a change made on an old version is refused and says the new one', async () => {
    const guest = await createGuest(db, person());
    const changed = await updateGuest(db, guest.id, { phone: '9000000000' }, { ifVersion: guest.version });
    const rule = await ruleOf(updateGuest(db, guest.id, { phone: null }, { ifVersion: guest.version }));
    expect(rule).toMatchObject({ code: 'CHANGED_MEANWHILE', current: changed.version });
    expect(await ruleOf(deleteGuest(db, guest.id, { ifVersion: guest.version, actor }))).toMatchObject({
      code: 'CHANGED_MEANWHILE',
    });
    expect(await readGuest(db, guest.id)).toMatchObject({ phone: '9000000000' });
    expect(await ruleOf(readRoom(db, 404))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await ruleOf(updateRoom(db, 404, { area: 1 }))).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('of two who change one booking at once, from the same version, one is refused', async () => {
    await room(1);
    const { id, version } = await createBooking(db, { ...(await stay(1, 0, 2)), card_number: null });
    const change = async (n: number) =>
      updateBooking(db, id, { check_out: await today(2 + n) }, { ifVersion: version });
    const results = await Promise.allSettled([change(1), change(2)]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('a booking changes its dates at its price, its room at the other price, and its guests', async () => {
    await room(1);
    await room(2, { price_per_night: 99 });
    const [first, second] = [await createGuest(db, person()), await createGuest(db, person({ first_name: 'Ида' }))];
    const made = await createBooking(db, { ...(await stay(1, 0, 2)), guest_ids: [first.id], card_number: null });
    await updateRoom(db, 1, { price_per_night: '5000' });
    expect(await updateBooking(db, made.id, { check_out: await today(3) })).toMatchObject({ total: '4501.50' });
    expect(await previewPrice(db, await stay(1, 0, 4), made.id)).toMatchObject({ total: '6002.00', conflict: null });
    expect(await previewPrice(db, await stay(1, 0, 4))).toMatchObject({
      total: '20000.00',
      conflict: { booking_id: made.id },
    });
    expect(await updateBooking(db, made.id, { room_id: 2 })).toMatchObject({ total: '297.00' });
    const changed = await updateBooking(db, made.id, { guest_ids: [second.id, first.id] });
    expect(changed.guests.map((guest) => guest.id)).toEqual([second.id, first.id]);
    expect(changed.version).not.toBe(made.version);
  });

  test('an overlap that a change would make is explained with the booking in the way', async () => {
    await room(1);
    const one = await createBooking(db, { ...(await stay(1, 0, 2)), card_number: null });
    const other = await createBooking(db, { ...(await stay(1, 4, 6)), card_number: null });
    const rule = await ruleOf(updateBooking(db, one.id, { check_out: await today(5) }));
    expect(rule.conflict).toMatchObject({ booking_id: other.id });
  });

  test('deleting says beforehand what it takes along, and the audit log afterwards', async () => {
    await room(1);
    const [a, b] = [await createGuest(db, person()), await createGuest(db, person())];
    const alone = await createBooking(db, { ...(await stay(1, 0, 2)), guest_ids: [a.id], card_number: null });
    const both = await createBooking(db, { ...(await stay(1, 2, 3)), guest_ids: [a.id, b.id], card_number: null });
    expect(await whatGoesAlong(db, { guest: a.id })).toMatchObject({
      deleted: [{ id: alone.id }],
      deleted_count: 1,
      kept: [{ id: both.id }],
      kept_count: 1,
    });
    expect(await whatGoesAlong(db, { room: 1 })).toMatchObject({ deleted_count: 2, kept_count: 0 });
    await deleteGuest(db, a.id, { actor });
    expect((await listBookings(db, {})).items.map((booking) => booking.id)).toEqual([both.id]);
    await deleteBooking(db, both.id, { actor });
    await deleteRoom(db, 1, { actor });
    const audit = await sql<{
      target: string;
      details: object;
    }>`select target, details from audit_log where actor = ${actor} order by id`.execute(db);
    expect(audit.rows).toEqual([
      {
        target: `hotel/house/guests/${a.id}`,
        details: { bookings: [alone.id], bookings_deleted: 1, bookings_kept: 1 },
      },
      { target: `hotel/house/bookings/${both.id}`, details: { bookings: [], bookings_deleted: 0, bookings_kept: 0 } },
      { target: 'hotel/house/rooms/1', details: { bookings: [], bookings_deleted: 0, bookings_kept: 0 } },
    ]);
  });

  test('free rooms are those without a night in between, by class, kitchen, price and area', async () => {
    await room(1);
    await room(2, { class: 'luxury', price_per_night: 9000, has_kitchen: true, area: 60 });
    await room(3, { price_per_night: '99999' });
    await createBooking(db, { ...(await stay(1, 2, 4)), card_number: null });
    const free = async (from: number, to: number, more = {}) =>
      (await findFreeRooms(db, { checkIn: await today(from), checkOut: await today(to), ...more })).map(
        ({ id, total }) => [id, total],
      );
    expect(await free(0, 2)).toEqual([
      [1, '3001.00'],
      [2, '18000.00'],
      [3, '199998.00'],
    ]);
    expect(await free(3, 4)).toEqual([
      [2, '9000.00'],
      [3, '99999.00'],
    ]);
    expect(await free(4, 5, { maxPrice: '1500.50' })).toEqual([[1, '1500.50']]);
    expect(await free(0, 1, { kitchen: true, class: 'luxury', minArea: 60 })).toEqual([[2, '9000.00']]);
    expect(await free(10, 21)).toEqual([
      [1, '16505.50'],
      [2, '99000.00'],
    ]);
    expect(await ruleOf(free(4, 4))).toMatchObject({ field: 'check_out' });
  });

  test('the board shows rooms by days and who comes, goes and stays today', async () => {
    await room(1);
    await room(2);
    const guest = await createGuest(db, person());
    const past = { booked_on: await today(-9), card_number: null };
    const leaving = await createBooking(db, { ...(await stay(1, -2, 0)), ...past });
    const arriving = await createBooking(db, { ...(await stay(1, 0, 2)), card_number: null, guest_ids: [guest.id] });
    const staying = await createBooking(db, { ...(await stay(2, -1, 1)), ...past });
    const board = await readBoard(db, { from: await today(1), days: 7 });
    expect([board.days.length, board.days[0], board.today]).toEqual([7, await today(1), await today()]);
    expect(board.rooms.map(({ id, stays }) => [id, stays.map((each) => each.booking_id)])).toEqual([
      [1, [arriving.id]],
      [2, [staying.id]],
    ]);
    const ids = (stays: { booking_id: number }[]) => stays.map((each) => each.booking_id);
    expect([ids(board.arrivals), ids(board.departures), ids(board.in_house)]).toEqual([
      [arriving.id],
      [leaving.id],
      [staying.id, arriving.id],
    ]);
    expect(board.arrivals[0]).toMatchObject({ guest: 'Выдуманная Ада', guests: 1 });
  });

  test('lists go on from page to page and are searched by part of a name, phone or passport', async () => {
    for (let n = 0; n < 5; n += 1) await createGuest(db, person({ first_name: `Ада ${n}`, phone: `900000000${n}` }));
    const pages: string[][] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const page = await listGuests(db, { limit: 2, after });
      pages.push(page.items.map((guest) => guest.first_name));
      after = page.next;
    }
    expect(pages).toEqual([['Ада 0', 'Ада 1'], ['Ада 2', 'Ада 3'], ['Ада 4']]);
    expect((await listGuests(db, { search: 'выдум 0003' })).items).toMatchObject([{ first_name: 'Ада 3' }]);
    expect((await listGuests(db, { search: '%' })).items).toEqual([]);
    expect(await ruleOf(listGuests(db, { after: 'x' }))).toMatchObject({ field: 'after' });
    await room(1);
    await room(12);
    expect((await listRooms(db, { search: '2' })).items.map(({ id }) => id)).toEqual([12]);
    expect((await listRooms(db, { limit: 1 })).next).not.toBeNull();
  });
});

describe('card numbers', () => {
  test('are kept encrypted, shown as last four, and told in full to one whom the audit log names', async () => {
    await room(1);
    const { id } = await createBooking(db, { ...(await stay(1, 0, 2)), card_number: CARD }, { cardKey });
    expect(await readBooking(db, id)).toMatchObject({ card_last4: '7899', card_length: 16 });
    expect(await showCard(db, id, { cardKeys: [cardKey], actor: 'cashier' })).toBe(CARD);
    const audit = await sql<{ target: string }>`select target from audit_log where actor = 'cashier'`.execute(db);
    expect(audit.rows).toEqual([{ target: `hotel/house/bookings/${id}` }]);
    const stored = await sql<{ row: string }>`select b::text as row from hotel.bookings b`.execute(db);
    expect(stored.rows[0]?.row).not.toContain(Buffer.from(CARD).toString('hex'));
    expect(await ruleOf(showCard(db, id, { cardKeys: [Buffer.alloc(32, 8)], actor }))).toMatchObject({
      code: 'CARD_KEY_WRONG',
    });
    expect(await updateBooking(db, id, { card_number: null }, { cardKey })).toMatchObject({
      card_last4: null,
      card_length: null,
    });
    expect(await showCard(db, id, { cardKeys: [cardKey], actor })).toBeNull();
  });

  test('are encrypted again with a new key, once, while the old one is at hand', async () => {
    await room(1);
    const newest = Buffer.alloc(32, 9);
    const lost = Buffer.alloc(32, 10);
    const book = async (from: number, card_number: string | null, key: Buffer) =>
      (await createBooking(db, { ...(await stay(1, from, from + 1)), card_number }, { cardKey: key })).id;
    const old = [await book(0, CARD, cardKey), await book(1, '4000001234567', cardKey)];
    const fresh = await book(2, CARD, newest);
    const orphan = await book(3, CARD, lost);
    await book(4, null, newest);
    const spoilt = await book(5, CARD, cardKey);
    await sql`update hotel.bookings set card_encrypted = set_byte(card_encrypted, 40, 255 - get_byte(card_encrypted, 40))
      where id = ${spoilt}`.execute(db);
    expect(await bookingsOfOtherKeys(db, newest)).toEqual([...old, orphan, spoilt]);
    expect(await showCard(db, old[0]!, { cardKeys: [newest, cardKey], actor })).toBe(CARD);

    const before = await readBooking(db, fresh);
    expect(await changeCardKey(db, [newest, cardKey], actor)).toEqual({ changed: 2, unknown: [orphan, spoilt] });
    expect(await readBooking(db, fresh)).toEqual(before);
    expect(await showCard(db, old[0]!, { cardKeys: [newest], actor })).toBe(CARD);
    expect(await showCard(db, old[1]!, { cardKeys: [newest], actor })).toBe('4000001234567');
    expect(await readBooking(db, old[1]!)).toMatchObject({ card_last4: '4567', card_length: 13 });
    expect(await bookingsOfOtherKeys(db, newest)).toEqual([orphan, spoilt]);
    expect(await changeCardKey(db, [newest, cardKey, lost], actor)).toEqual({ changed: 1, unknown: [spoilt] });
    expect(await changeCardKey(db, [newest], actor)).toEqual({ changed: 0, unknown: [spoilt] });
    const { rows } = await sql<{ details: unknown }>`
      select details from audit_log where action = 'change card key' order by id`.execute(db);
    expect(rows.map(({ details }) => details)).toEqual([
      { changed: 2, unknown: 2 },
      { changed: 1, unknown: 1 },
    ]);
  });

  test('are refused without a key, and when they are none', async () => {
    await room(1);
    const book = async (card_number: string, key?: Buffer) =>
      createBooking(db, { ...(await stay(1, 0, 2)), card_number }, { cardKey: key });
    expect(await ruleOf(book(CARD))).toMatchObject({ code: 'CARD_KEY_MISSING', field: 'card_number' });
    for (const wrong of ['400000123456', '40000012345678991234', '4000 0012 3456 7899', '400000123456789a'])
      expect(await ruleOf(book(wrong, cardKey)), wrong).toMatchObject({ constraint: 'bookings_card_length_check' });
    expect(await book('4000001234567', cardKey)).toMatchObject({ card_length: 13 });
  });

  test('stand in no log, whatever went wrong', async () => {
    await room(1);
    const folder = mkdtempSync(join(tmpdir(), 'pmsync-card-log-'));
    const log = createLogger({ level: 'trace', consoleLevel: 'silent', dir: folder });
    try {
      await createBooking(db, { ...(await stay(1, 0, 2)), card_number: CARD }, { cardKey });
      const secret = person({ last_name: 'Тайная' });
      await createGuest(db, secret);
      const faults = [
        async () => createBooking(db, { ...(await stay(1, 1, 2)), card_number: CARD }, { cardKey }),
        async () => createBooking(db, { ...(await stay(1, 5, 6)), card_number: CARD }),
        async () => createBooking(db, { ...(await stay(1, 5, 6)), card_number: `${CARD}5555` }, { cardKey }),
        async () => createBooking(db, { ...(await stay(7, 5, 6)), card_number: CARD }, { cardKey }),
        async () => createGuest(db, secret),
        async () => createGuest(db, { ...secret, passport_number: '1' }),
      ];
      for (const fault of faults) log.error({ err: await ruleOf(fault()) }, 'refused');
      flushLogger(log);
      const lines = readFileSync(logFileOf(log) ?? '', 'utf8');
      expect(lines.match(/refused/g)).toHaveLength(faults.length);
      for (const canary of [CARD.slice(0, 12), 'Тайная', secret.passport_number]) expect(lines).not.toContain(canary);
    } finally {
      closeLogger(log);
      rmSync(folder, { recursive: true });
    }
  });
});

describe('two who want one room', () => {
  test('of 50 who book one room and night at once one gets it and 49 are told by whom', async () => {
    await room(1);
    const wanted = await stay(1, 3, 4);
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, () => bookIn(db, { booking: { ...wanted, card_number: null }, guests: [person()] })),
    );
    const won = results.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    const winner = (await listBookings(db, {})).items;
    expect(winner).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({
          name: 'HotelRule',
          code: 'ROOM_TAKEN',
          conflict: { booking_id: winner[0]?.id },
        });
    }
    expect((await listGuests(db, { limit: 100 })).items).toHaveLength(1);
  });

  test('of 50 by direct SQL the others are refused for the overlap and never for a deadlock', async () => {
    await room(1);
    const insert = (n: number) =>
      sql`insert into hotel.bookings (check_in, check_out, room_id)
        values (hotel.today() + ${n % 3}::integer, hotel.today() + ${3 + (n % 2)}::integer, 1)`.execute(db);
    const results = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => insert(n)));
    const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => sqlState(reason));
    expect(refused).toHaveLength(49);
    for (const state of refused) expect(['23P01', '23505']).toContain(state);
  });

  test('of 50 whose stays overlap in every way no two get nights in common', async () => {
    await room(1);
    const start = performance.now();
    const wanted = await Promise.all(Array.from({ length: 50 }, (_, n) => stay(1, n % 10, (n % 10) + 1 + (n % 4))));
    const results = await Promise.allSettled(wanted.map((each) => createBooking(db, { ...each, card_number: null })));
    const refused = results
      .filter((result) => result.status === 'rejected')
      .map(({ reason }) => (reason as HotelRule).code);
    expect(new Set(refused)).toEqual(new Set(['ROOM_TAKEN']));
    const { items } = await listBookings(db, {});
    expect(items.length).toBe(50 - refused.length);
    for (const [at, { check_in }] of items.entries())
      if (at > 0) expect(check_in >= items[at - 1]!.check_out).toBe(true);
    // Nobody has to be freed from a deadlock first: PostgreSQL would take a second for each.
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  // Another seed is tried by HOTEL_SEED.
  const seed = Number(process.env.HOTEL_SEED ?? 20_261_005);

  test(`the database takes exactly what a naive model takes (seed ${seed})`, async () => {
    await room(1);
    await room(2);
    const change = fc.record({
      what: fc.constantFrom('book', 'book', 'book', 'move', 'cancel'),
      room: fc.integer({ min: 1, max: 2 }),
      from: fc.integer({ min: 0, max: 12 }),
      nights: fc.integer({ min: 1, max: 5 }),
      pick: fc.nat(20),
    });
    const start = await today();
    const day = (n: number) => new Date(Date.parse(start) + n * 86_400_000).toISOString().slice(0, 10);
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 25 }), async (changes) => {
        await sql`delete from hotel.bookings`.execute(db);
        const model = new Map<number, { room: number; from: number; to: number }>();
        for (const { what, room: room_id, from, nights, pick } of changes) {
          const to = from + nights;
          const [chosen] = [...model.keys()].slice(pick % Math.max(1, model.size));
          const free = (except?: number) =>
            [...model].every(([id, s]) => id === except || s.room !== room_id || s.to <= from || s.from >= to);
          const wanted = { room_id, check_in: day(from), check_out: day(to) };
          if (what === 'cancel') {
            if (chosen === undefined) continue;
            await deleteBooking(db, chosen, { actor: 'model' });
            model.delete(chosen);
          } else if (what === 'move') {
            if (chosen === undefined) continue;
            const moved = updateBooking(db, chosen, wanted);
            if (free(chosen)) model.set((await moved).id, { room: room_id, from, to });
            else expect((await ruleOf(moved)).code).toBe('ROOM_TAKEN');
          } else {
            const made = createBooking(db, { ...wanted, card_number: null });
            if (free()) model.set((await made).id, { room: room_id, from, to });
            else expect((await ruleOf(made)).code).toBe('ROOM_TAKEN');
          }
        }
        const { items } = await listBookings(db, {});
        expect(items.map(({ id, room_id, check_in, check_out }) => [id, room_id, check_in, check_out]).sort()).toEqual(
          [...model].map(([id, s]) => [id, s.room, day(s.from), day(s.to)]).sort(),
        );
      }),
      { seed, numRuns: 40, verbose: 1 },
    );
  });

  test('two guests of one booking who are deleted at the same time take it along', async () => {
    await room(1);
    const [a, b] = [await createGuest(db, person()), await createGuest(db, person())];
    await createBooking(db, { ...(await stay(1, 0, 2)), guest_ids: [a.id, b.id], card_number: null });
    await Promise.all([a, b].map(({ id }) => deleteGuest(db, id, { actor })));
    expect((await listBookings(db, {})).items).toEqual([]);
  });
});
