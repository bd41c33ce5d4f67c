import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { askDatabase } from '../../db/ask-database.ts';
import { carryBatch } from '../../db/in-house/carry-batch.ts';
import { packPayload } from '../../db/packed-payload.ts';
import { carryOutbox } from '../../jobs/carry-outbox.ts';
import { source as hotel } from '../../sources/hotel/index.ts';
import { queueBackends } from '../support/backends.ts';
import { houseAccount } from '../support/hotel-system.ts';
import { type LandingBench, openLandingBench } from '../support/landing.ts';
import { type System, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const box = { outbox: 'hotel.outbox', account: houseAccount, entities: hotel.entities };

const aRoom = (id: number) => `insert into hotel.rooms (id, area, price_per_night) values (${id}, 20, 1500.50)`;
const aGuest = (id: number) =>
  `insert into hotel.guests (id, last_name, first_name, passport_series, passport_number, phone)
   values (${id}, 'Выдуманная', 'Ада', '4510', lpad('${id}', 6, '0'), '9001112233')`;
const aStay = (id: number, room: number, from: number, guests: number[] = []) =>
  [
    `insert into hotel.bookings (id, check_in, check_out, room_id) values (${id}, hotel.today() + ${from}, hotel.today() + ${from + 2}, ${room})`,
    ...guests.map((guest) => `insert into hotel.booking_guests (booking_id, guest_id) values (${id}, ${guest})`),
  ].join('; ');

describe('carrying', () => {
  let bench: LandingBench;
  beforeAll(async () => {
    bench = await openLandingBench(hotel, () => houseAccount);
    await hotel.inHouse.prepare(askDatabase(bench.db), houseAccount);
  });
  afterAll(() => bench.close());
  afterEach(async () => {
    await run('delete from hotel.rooms; delete from hotel.guests');
    await carryAll();
  });

  const run = (text: string) => sql.raw(text).execute(bench.db);
  const carry = (after?: string) => carryBatch(bench.db, bench.target, box, after);
  /** Answers with the number of batches. */
  const carryAll = async () => {
    let batches = 0;
    for (let after: string | undefined = '0'; after !== undefined; batches += 1) after = (await carry(after)).next;
    return batches;
  };
  const outbox = async () =>
    (await sql<{ n: number }>`select count(*)::int as n from hotel.outbox`.execute(bench.db)).rows[0]!.n;
  const alive = (table: string) => bench.rows(table, 'deleted_at is null');

  test('brings a booking with its client and its room into the common tables', async () => {
    await run(`begin; ${aRoom(1)}; ${aGuest(1)}; ${aGuest(2)}; ${aStay(1, 1, 3, [2, 1])}; commit`);
    await carry();
    expect(await outbox()).toBe(0);
    const [client] = await bench.rows('clients', `external_id = '2'`);
    const [room] = await bench.rows('rooms');
    const [booking] = await bench.rows('bookings');
    expect(client).toMatchObject({
      source: 'hotel',
      account: 'house',
      last_name: 'Выдуманная',
      first_name: 'Ада',
      phone: '9001112233',
      document_series: '4510',
      document_number: '000002',
    });
    expect(room).toMatchObject({ name: '1', category: 'standard', area: '20.00', price: '1500.50' });
    expect(room.additional_info).toMatchObject({ has_kitchen: false, rooms_count: 1 });
    expect(booking).toMatchObject({
      number: '1',
      client_id: client.id,
      room_id: room.id,
      status: 'confirmed',
      price: '3001.00',
      guests: 2,
      currency: 'RUB',
    });
    expect(booking.additional_info.guest_ids).toEqual([2, 1]);
    const { rows } = await sql<{
      local: string;
    }>`select (check_in at time zone 'Europe/Moscow')::time::text as local from bookings`.execute(bench.db);
    expect(rows).toEqual([{ local: '14:00:00' }]);
  });

  test('says by the calendar whether a stay is to come, going on or over', async () => {
    await run(`${aRoom(1)}; insert into hotel.bookings (id, booked_on, check_in, check_out, room_id)
      select n, hotel.today() - 20, hotel.today() + n, hotel.today() + n + 1, 1 from generate_series(-1, 1) n`);
    await carry();
    const stays = await bench.rows('bookings', 'deleted_at is null');
    expect(Object.fromEntries(stays.map((row) => [row.external_id, row.status]))).toEqual({
      '-1': 'completed',
      '0': 'checked_in',
      '1': 'confirmed',
    });
  });

  test('loses nothing when it dies before its commit, and does nothing twice', async () => {
    await run(`${aRoom(1)}; ${aGuest(1)}; ${aStay(1, 1, 3, [1])}`);
    const waiting = await outbox();
    // The connection ends under the transaction, as with a killed worker: after the rows were written, before the commit.
    await run(`create function die() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
      create trigger die after delete on hotel.outbox for each statement execute function die()`);
    await expect(carry()).rejects.toThrow();
    await run('drop trigger die on hotel.outbox; drop function die');
    expect([await outbox(), (await alive('bookings')).length]).toEqual([waiting, 0]);
    expect(await carry()).toMatchObject({ carried: waiting, landed: 3 });
    expect(await carry()).toMatchObject({ carried: 0, landed: 0 });
    const [booking] = await alive('bookings');
    expect(booking.client_id).not.toBeNull();
  });

  test('gives what is deleted a tombstone, and takes it away when the number is given again', async () => {
    await run(`${aRoom(1)}; ${aGuest(1)}; ${aStay(1, 1, 3, [1])}`);
    await carry();
    await run('delete from hotel.rooms where id = 1');
    expect(await carry()).toMatchObject({ deleted: 2 });
    expect([(await alive('rooms')).length, (await alive('bookings')).length, (await alive('clients')).length]).toEqual([
      0, 0, 1,
    ]);
    await run(aRoom(1));
    await carry();
    expect(await alive('rooms')).toHaveLength(1);
  });

  test('gives what is truncated a tombstone too', async () => {
    await run(`${aRoom(1)}; ${aGuest(1)}; ${aStay(1, 1, 3, [1])}`);
    await carry();
    await run('truncate hotel.rooms cascade');
    expect(await carry()).toMatchObject({ deleted: 2 });
    expect([(await alive('rooms')).length, (await alive('bookings')).length]).toEqual([0, 0]);
  });

  test('has the last word when a number is deleted and given again in between', async () => {
    await run(aRoom(1));
    await run('update hotel.rooms set area = 30; update hotel.rooms set area = 40');
    await carry();
    await run(`delete from hotel.rooms; insert into hotel.rooms (id, area, price_per_night) values (1, 7, 10)`);
    await carry();
    expect(await alive('rooms')).toMatchObject([{ area: '7.00' }]);
  });

  test('lets bookings follow a room whose number changes', async () => {
    await run(`${aRoom(1)}; ${aStay(1, 1, 3)}`);
    await carry();
    await run('update hotel.rooms set id = 9');
    await carry();
    const [room] = await alive('rooms');
    const [booking] = await alive('bookings');
    expect([room.external_id, booking.room_id]).toEqual(['9', room.id]);
  });

  test('keeps the order over batches of more rows than one takes', async () => {
    await run(`insert into hotel.rooms (id, area, price_per_night) select n, 10, 100 from generate_series(1, 700) n`);
    await run('update hotel.rooms set area = 11; delete from hotel.rooms where id > 650');
    expect(await carryAll()).toBeGreaterThan(2);
    expect(await outbox()).toBe(0);
    const rooms = await alive('rooms');
    expect([rooms.length, new Set(rooms.map((room) => room.area))]).toEqual([650, new Set(['11.00'])]);
  });

  test('buries again what a page on its way has brought back', async () => {
    await run(aRoom(1));
    await carry();
    const runId = await bench.openRun('rooms');
    await sql`update sync_log set account = 'house', pages_open = 1 where id = ${runId}::uuid`.execute(bench.db);
    const [stale] = await hotel.entities[1].readInHouse!(askDatabase(bench.db), ['1']);
    await run('delete from hotel.rooms');
    expect(await carry()).toMatchObject({ deleted: 1, carried: 0 });
    const records = [{ externalId: '1', ...packPayload(stale), version: hotel.entities[1].version!(stale!) }];
    await bench.land('rooms', [], { scope: 'house', account: 'house', records });
    await bench.apply('rooms', [1], 'house');
    expect(await alive('rooms')).toHaveLength(1);
    await sql`update sync_log set pages_open = 0 where id = ${runId}::uuid`.execute(bench.db);
    expect(await carry()).toMatchObject({ deleted: 1, carried: 1 });
    expect(await alive('rooms')).toHaveLength(0);
  });
});

describe.each(queueBackends())('with the queue on $name', (backend) => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ backend, accounts: [houseAccount] });
  });
  afterAll(() => system.stop());

  const run = (text: string) => sql.raw(text).execute(system.db);

  test('shows a booking in the common tables within a second', async () => {
    await run(`${aRoom(1)}; ${aGuest(1)}`);
    await waitFor(async () => (await system.table('rooms')).length === 1, { describe: 'the room is mirrored' });
    const booked = performance.now();
    await run(`begin; ${aStay(1, 1, 1, [1])}; commit`);
    await waitFor(async () => (await system.table('bookings', 'client_id is not null')).length === 1, {
      describe: 'the booking is mirrored',
      timeoutMs: 1000,
      intervalMs: 10,
    });
    expect(performance.now() - booked).toBeLessThan(1000);
  });

  test('reads everything afresh when asked to, green and balanced, and finds what went past the outbox', async () => {
    // As after a restore of the mirror alone: the outbox knows nothing of it.
    await waitFor(async () => (await system.table('hotel.outbox')).length === 0, { describe: 'all is carried' });
    await run(`update rooms set name = 'spoilt'; delete from source_records where entity = 'rooms'`);
    await run(`alter table hotel.rooms disable trigger note_change`);
    await run(aRoom(2));
    await run(`alter table hotel.rooms enable trigger note_change`);
    const runs = await system.sync(undefined, 'full');
    expect(runs.map(({ entity, status, fetched }) => ({ entity, status, fetched }))).toEqual(
      expect.arrayContaining([
        { entity: 'clients', status: 'succeeded', fetched: 1 },
        { entity: 'rooms', status: 'succeeded', fetched: 2 },
        { entity: 'bookings', status: 'succeeded', fetched: 1 },
      ]),
    );
    expect((await system.table('rooms')).map((row) => row.name).sort()).toEqual(['1', '2']);
  });

  test('is found by the sweep when nobody was told', async () => {
    await run(`alter table hotel.guests disable trigger note_change`);
    await run(aGuest(2));
    await run(`alter table hotel.guests enable trigger note_change`);
    await run(`insert into hotel.outbox (entity, external_id, op) values ('clients', '2', 'upsert')`);
    await waitFor(async () => (await system.table('clients', `external_id = '2'`)).length === 1, {
      describe: 'the guest is mirrored',
      timeoutMs: 15_000,
    });
  });

  test('puts ids alone into its jobs', () => {
    expect(() => carryOutbox.payload.parse({ source: 'hotel', because: '1' })).not.toThrow();
    expect(Object.keys(carryOutbox.payload.parse({ source: 'hotel', because: '1', last_name: 'x' }) as object)).toEqual(
      ['source', 'because'],
    );
    expect(system.jobsRun()['carry-outbox']).toBeGreaterThan(0);
    expect(system.logLines().join('\n')).not.toContain('Выдуманная');
  });
});
