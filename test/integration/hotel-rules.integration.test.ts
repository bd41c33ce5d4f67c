import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { missingColumns } from '../../hotel/missing-messages.ts';
import { ruleMessages } from '../../hotel/rule-messages.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { forbiddenWrites, hotelFixture } from '../support/hotel-writes/index.ts';

/** Direct SQL: nothing of the application is between a test and PostgreSQL. */
let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url, types: { getTypeParser: () => (text: string) => text } });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});
beforeEach(async () => {
  await client.query(`begin; ${hotelFixture}`);
});
afterEach(async () => {
  await client.query('rollback');
});

async function faultOf(statement: string): Promise<pg.DatabaseError | undefined> {
  await client.query('savepoint attempt');
  try {
    await client.query(statement);
    return undefined;
  } catch (error) {
    await client.query('rollback to savepoint attempt');
    return error as pg.DatabaseError;
  }
}

const rows = async (text: string) => (await client.query(text)).rows;

test('the table of forbidden writes has at least 60', () => {
  expect(new Set(forbiddenWrites.map(({ refused }) => refused)).size).toBeGreaterThanOrEqual(60);
});

test.each(forbiddenWrites)('refuses $title', async ({ refused, by, accepted }) => {
  const fault = await faultOf(refused);
  const [code, column] = by.split(' ');
  const said = /^[0-9A-Z]{5}$/.test(code ?? '') ? [fault?.code, column && fault?.column] : [fault?.constraint];
  expect(said.filter(Boolean).join(' ')).toBe(by);
  expect(await faultOf(accepted), 'the permitted twin').toBeUndefined();
});

test('puts every constraint into words, here and in the database', async () => {
  const constraints = await rows(`
    select conname as name, obj_description(oid, 'pg_constraint') as comment from pg_constraint
    where connamespace = 'hotel'::regnamespace and contype <> 'n'
      and conrelid in ('hotel.guests'::regclass, 'hotel.rooms'::regclass, 'hotel.bookings'::regclass, 'hotel.booking_guests'::regclass)`);
  expect(constraints.length).toBeGreaterThan(25);
  for (const { name, comment } of constraints) {
    const message = ruleMessages[name];
    expect(message, name).toBeDefined();
    expect(comment, name).toBe(`${message?.en} / ${message?.ru}`);
  }
  const raised = (
    await rows(
      `select prosrc from pg_proc where pronamespace = 'hotel'::regnamespace and prosrc like '%constraint = %'`,
    )
  ).flatMap(({ prosrc }) => [...prosrc.matchAll(/constraint = '(\w+)'/g)].map(([, name]) => name));
  expect(raised.length).toBeGreaterThan(2);
  for (const name of raised) expect(ruleMessages).toHaveProperty(name);
});

test('has a word for every value that must not be missing', async () => {
  const required = await rows(`
    select distinct attname as name from pg_attribute where attnotnull and attnum > 0
      and attrelid in ('hotel.guests'::regclass, 'hotel.rooms'::regclass, 'hotel.bookings'::regclass, 'hotel.booking_guests'::regclass)`);
  const own = ['uid', 'room_uid', 'ordinal', 'created_at', 'updated_at', 'version'];
  expect(
    required
      .map(({ name }) => name)
      .filter((name) => !own.includes(name))
      .sort(),
  ).toEqual(missingColumns.toSorted());
});

test('takes a booking of dates and a room alone, and reckons its total', async () => {
  const [made] = await rows(`insert into hotel.bookings (check_in, check_out, room_id)
    values (hotel.today(), hotel.today() + 3, 1) returning booked_on = hotel.today() as today, price_per_night, total`);
  expect(made).toEqual({ today: 't', price_per_night: '2500.50', total: '7501.50' });
});

test('keeps the price a booking was made at, and gives new ones the new price', async () => {
  await client.query('update hotel.rooms set price_per_night = 3000 where id = 1');
  await client.query(
    `insert into hotel.bookings (id, check_in, check_out, room_id) values (3, hotel.today() + 30, hotel.today() + 31, 1)`,
  );
  await client.query('update hotel.bookings set check_out = check_out + 1 where id = 2');
  expect(await rows('select id, price_per_night, total from hotel.bookings order by id')).toEqual([
    { id: '1', price_per_night: '2500.50', total: '10002.00' },
    { id: '2', price_per_night: '2500.50', total: '7501.50' },
    { id: '3', price_per_night: '3000.00', total: '3000.00' },
  ]);
});

test('takes the price of the other room when a booking moves there', async () => {
  const moved = await rows('update hotel.bookings set room_id = 3 where id = 2 returning price_per_night, total');
  expect(moved).toEqual([{ price_per_night: '33333.30', total: '66666.60' }]);
});

test('lets bookings follow a room that gets another number, at their old price', async () => {
  await client.query('update hotel.rooms set price_per_night = 1 where id = 1');
  await client.query('update hotel.rooms set id = 5 where id = 1');
  expect(await rows('select room_id, price_per_night, total from hotel.bookings order by id')).toEqual([
    { room_id: '5', price_per_night: '2500.50', total: '10002.00' },
    { room_id: '5', price_per_night: '2500.50', total: '5001.00' },
  ]);
  // Its old number may be given to another room, and that one is another room.
  await client.query('update hotel.rooms set id = 1 where id = 4');
  expect(await rows('update hotel.bookings set room_id = 1 where id = 2 returning total')).toEqual([{ total: '0.02' }]);
});

test('deletes the bookings of a room with it, and their links', async () => {
  await client.query('delete from hotel.rooms where id = 1');
  expect(await rows('select 1 from hotel.bookings')).toEqual([]);
  expect(await rows('select 1 from hotel.booking_guests')).toEqual([]);
  expect(await rows('select 1 from hotel.guests')).toHaveLength(2);
});

test('deletes a booking with its last guest and not before', async () => {
  await client.query('delete from hotel.guests where id = 1');
  expect(await rows('select id from hotel.bookings')).toEqual([{ id: '1' }]);
  await client.query('delete from hotel.guests where id = 2');
  expect(await rows('select id from hotel.bookings')).toEqual([]);
});

test('deletes a booking whose guests all go at once', async () => {
  await client.query('delete from hotel.guests');
  expect(await rows('select id from hotel.bookings')).toEqual([]);
});

test('keeps a booking whose guest is only taken out of it', async () => {
  await client.query('delete from hotel.booking_guests');
  expect(await rows('select id from hotel.bookings order by id')).toEqual([{ id: '1' }, { id: '2' }]);
});

test('deletes only the links with a booking', async () => {
  await client.query('delete from hotel.bookings where id = 1');
  expect(await rows('select booking_id, guest_id from hotel.booking_guests')).toEqual([
    { booking_id: '2', guest_id: '1' },
  ]);
  expect(await rows('select 1 from hotel.guests')).toHaveLength(2);
});

test('gives numbers of its own after those that a person has given', async () => {
  // Sequences do not roll back: a number that no other case has reached.
  const made = await rows(`insert into hotel.guests (id, last_name, first_name, passport_series, passport_number)
    values (700, 'А', 'Б', '4513', '000001'), (default, 'А', 'Б', '4513', '000002') returning id`);
  expect(made).toEqual([{ id: '700' }, { id: '701' }]);
});

test('books by the calendar of the hotel, not of the server', async () => {
  for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
    await client.query('update hotel.settings set timezone = $1', [zone]);
    const [row] = await rows(`insert into hotel.bookings (check_in, check_out, room_id)
      values (hotel.today() + 40, hotel.today() + 41, 2) returning booked_on::text, (now() at time zone '${zone}')::date::text as day`);
    expect(row?.booked_on).toBe(row?.day);
    await client.query('delete from hotel.bookings where room_id = 2');
  }
});
