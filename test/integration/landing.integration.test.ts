import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applyRecords } from '../../db/apply/apply-records.ts';
import { databaseNow } from '../../db/now.ts';
import { packPayload } from '../../db/packed-payload.ts';
import { booking, client, type LandingBench, openLandingBench } from '../support/landing.ts';

let bench: LandingBench;
beforeEach(async () => {
  bench = await openLandingBench();
});
afterEach(() => bench.close());

const SECOND = 1000;
const namesOf = async () => (await bench.rows('clients')).map((row) => row.first_name);

describe('the landing', () => {
  test('refuses an older version and takes an equal one, whatever the time', async () => {
    const now = await databaseNow(bench.db);
    const earlier = new Date(now.getTime() - 60 * SECOND);
    await bench.land('clients', [client(1, { name: 'two' })], { version: '2025-02', fetchedAt: now });
    const older = await bench.land('clients', [client(1, { name: 'one' })], { version: '2025-01' });
    expect(older).toMatchObject({ fetched: 1, stale: 1, landed: [] });
    const equal = await bench.land('clients', [client(1, { name: 'two again' })], {
      version: '2025-02',
      fetchedAt: earlier,
    });
    expect(equal.landed).toMatchObject([
      { externalId: '1', version: 2, replaced_run_id: null, replaced_state: 'pending' },
    ]);
    await bench.apply('clients', [1]);
    expect(await namesOf()).toEqual(['two again']);
  });

  test('without versions refuses what was asked for earlier and takes what was asked for at the same moment', async () => {
    const now = await databaseNow(bench.db);
    await bench.land('clients', [client(1, { name: 'new' })], { fetchedAt: now });
    const late = await bench.land('clients', [client(1, { name: 'old' })], { fetchedAt: new Date(now.getTime() - 1) });
    expect(late).toMatchObject({ stale: 1, landed: [] });
    const same = await bench.land('clients', [client(1, { name: 'same moment' })], { fetchedAt: now });
    expect(same.landed).toHaveLength(1);
    await bench.apply('clients', [1]);
    expect(await namesOf()).toEqual(['same moment']);
  });

  test('takes the newest of the repeats within one page and counts the others', async () => {
    const page = [client(1, { name: 'a' }), client(2), client(1, { name: 'b' }), client(1, { name: 'c' })];
    const landed = await bench.land('clients', page);
    expect(landed).toMatchObject({ fetched: 4, unchanged: 2, stale: 0 });
    expect(landed.landed.map((record) => record.externalId).toSorted()).toEqual(['1', '2']);
    await bench.apply('clients', [1, 2]);
    expect(await namesOf()).toEqual(['c', 'Тест']);
  });

  test('costs an unchanged record nothing', async () => {
    await bench.land('clients', [client(1), client(2)]);
    await bench.apply('clients', [1, 2]);
    const before = await sql`select ctid, xmin from source_records order by external_id`.execute(bench.db);
    expect(await bench.land('clients', [client(1), client(2)])).toMatchObject({ unchanged: 2, landed: [] });
    const after = await sql`select ctid, xmin from source_records order by external_id`.execute(bench.db);
    expect(after.rows).toEqual(before.rows);
  });

  test('lets a copy inside another record stand in for a record, but never in its place', async () => {
    const now = await databaseNow(bench.db);
    const later = new Date(now.getTime() + 60 * SECOND);
    expect((await bench.land('clients', [{ id: 1, name: 'copy' }], { partial: true })).landed).toHaveLength(1);
    // The record itself is taken although its answer was asked for before.
    const before = new Date(now.getTime() - 60 * SECOND);
    expect((await bench.land('clients', [client(1)], { fetchedAt: before })).landed).toHaveLength(1);
    const again = await bench.land('clients', [{ id: 1, name: 'newer copy' }], { partial: true, fetchedAt: later });
    expect(again).toMatchObject({ landed: [], unchanged: 1 });
    await bench.apply('clients', [1]);
    expect(await bench.rows('clients')).toMatchObject([{ first_name: 'Тест', last_name: 'Тестов 1' }]);
  });

  test('lands by force what has not changed, but nothing older', async () => {
    const now = await databaseNow(bench.db);
    await bench.land('clients', [client(1)], { fetchedAt: now });
    await bench.apply('clients', [1]);
    const forced = await bench.land('clients', [client(1)], { force: true });
    expect(forced.landed).toMatchObject([{ externalId: '1', version: 2 }]);
    const older = await bench.land('clients', [client(1, { name: 'old' })], {
      force: true,
      fetchedAt: new Date(now.getTime() - SECOND),
    });
    expect(older).toMatchObject({ stale: 1, landed: [] });
  });

  test('takes a record that had vanished and comes back, though it has not changed', async () => {
    await bench.land('clients', [client(1)]);
    await bench.apply('clients', [1]);
    await sql`update source_records set deleted_at = now()`.execute(bench.db);
    await sql`update clients set deleted_at = now()`.execute(bench.db);
    expect((await bench.land('clients', [client(1)])).landed).toHaveLength(1);
    await bench.apply('clients', [1]);
    expect(await bench.rows('clients')).toMatchObject([{ deleted_at: null }]);
  });

  test('moves a record from the ledger of an unfinished run to the one that lands it next', async () => {
    const first = await bench.openRun('bookings');
    await bench.land('bookings', [booking(1, 7), booking(2)], { runId: first });
    await bench.apply('bookings', [1, 2]);
    await sql`update sync_log set status = 'partial' where id = ${first}::uuid`.execute(bench.db);
    const second = await bench.openRun('bookings');
    await bench.land('bookings', [booking(1, 7), booking(2)], { runId: second });
    const ledger = async (id: string) =>
      (
        await sql`select fetched, pending, inserted, unchanged, parked, stale from sync_log where id = ${id}::uuid`.execute(
          bench.db,
        )
      ).rows[0];
    expect(await ledger(first)).toEqual({ fetched: 2, pending: 0, inserted: 1, unchanged: 0, parked: 0, stale: 1 });
    expect(await ledger(second)).toEqual({ fetched: 2, pending: 1, inserted: 0, unchanged: 1, parked: 0, stale: 0 });
  });
});

describe('applying', () => {
  test('a second time changes nothing', async () => {
    await bench.land('clients', [client(1)]);
    await bench.land('bookings', [booking(5, 1)]);
    await bench.apply('clients', [1]);
    await bench.apply('bookings', [5]);
    const before = [
      await bench.rows('bookings'),
      await bench.rows('source_records'),
      await bench.rows('external_refs'),
    ];
    expect((await bench.apply('bookings', [5, 5, 6])).outcomes.size).toBe(0);
    const after = [await bench.rows('bookings'), await bench.rows('source_records'), await bench.rows('external_refs')];
    expect(after).toEqual(before);
  });

  test('takes a payload that is at hand only when the landing still has just this one', async () => {
    const [first] = (await bench.land('clients', [client(1, { name: 'first' })])).landed;
    const [other] = (await bench.land('clients', [client(2, { name: 'other' })])).landed;
    await bench.land('clients', [client(1, { name: 'second' })]);
    const known = new Map([
      [first!.hash, first!.json],
      [other!.hash, packPayload(client(2, { name: 'from memory' })).json],
    ]);
    await applyRecords(bench.db, bench.target, bench.target.entity('clients'), '*', ['1', '2'], known);
    expect(await namesOf()).toEqual(['second', 'from memory']);
  });

  test('sets invalid records aside with field, type and rule, without their values, and spares the others', async () => {
    const secret = 'Тестов-Канарейка';
    const bad = [
      booking(1, null, { total: { sum: secret } }),
      booking(2, null, { start_date: `${secret} 31-02-2025` }),
      booking(3, null, { client_id: [secret] }),
      booking(4, null, { technical: secret, end_date: '31-02-2025 1:30' }),
      { name: secret },
      secret,
      null,
      [secret],
    ];
    const records = bad.map((payload, n) => ({ externalId: `bad-${n}`, ...packPayload(payload), version: null }));
    await bench.land('bookings', [], { records });
    await bench.land('bookings', [booking(10), booking(11)]);
    const ids = [...records.map((record) => record.externalId), 10, 11];
    const { outcomes } = await bench.apply('bookings', ids);

    const states = (wanted: string) => [...outcomes].filter(([, { state }]) => state === wanted).map(([id]) => id);
    expect(states('applied').toSorted()).toEqual(['10', '11']);
    expect(states('quarantined')).toHaveLength(bad.length);
    const issues = await bench.rows('sync_issues');
    expect(issues.map((issue) => issue.details.problems[0].field)).toEqual([
      'total',
      'start_date',
      'client_id',
      'technical',
      'id',
      '(record)',
      '(record)',
      '(record)',
    ]);
    expect(issues[0].details.problems[0]).toEqual({ field: 'total', found: 'object', rule: 'expected an amount' });
    expect(issues[3].details.problems).toHaveLength(2);
    const aside = await bench.rows('source_records', "state = 'quarantined'");
    expect(aside.map((row) => row.payload)).toEqual(bad);
    const told = JSON.stringify([issues, aside.map((row) => row.last_error)]);
    expect(told).not.toContain(secret);
  });

  test('finds the records that only PostgreSQL refuses, one by one, and spares their neighbours', async () => {
    await sql.raw("alter table clients add constraint no_zed check (first_name <> 'Zed')").execute(bench.db);
    const ids = Array.from({ length: 50 }, (_, n) => n + 1);
    const refused = [3, 4, 50];
    await bench.land(
      'clients',
      ids.map((id) => client(id, refused.includes(id) ? { name: 'Zed' } : {})),
    );
    await bench.apply('clients', ids);
    expect(await bench.rows('clients')).toHaveLength(47);
    const issues = await bench.rows('sync_issues');
    expect(issues.map((issue) => Number(issue.external_id)).toSorted((a, b) => a - b)).toEqual(refused);
    expect(issues[0].details.problems).toEqual([{ field: 'no_zed', found: 'SQLSTATE 23514', rule: 'violates no_zed' }]);
    expect(JSON.stringify(issues)).not.toContain('Zed');
    expect(await bench.rows('external_refs')).toHaveLength(47);
  });

  test('stores the odd values that vendors send', async () => {
    const nul = '\u0000';
    const odd = {
      name: `a${nul}b`,
      lastname: 'half \ud83d of a smiley',
      birthday: '0001-01-01',
      passport_issued_date: '9999-12-31',
      created_at: '01-01-0001 0:00',
      [`key${nul}`]: [`\udc00${nul}`, Number.POSITIVE_INFINITY, -0],
    };
    await bench.land('clients', [client(1, odd), client(2)]);
    await bench.apply('clients', [1, 2]);
    const [row, mate] = await bench.rows('clients');
    expect(row).toMatchObject({
      first_name: 'a\ufffdb',
      last_name: 'half \ufffd of a smiley',
      birthday: '0001-01-01',
      document_issued_at: '9999-12-31',
    });
    expect(mate).toMatchObject({ first_name: 'Тест' });
    const [landed] = await bench.rows('source_records', "external_id = '1'");
    expect(landed.payload).toMatchObject({ name: 'a\ufffdb', 'key\ufffd': ['\ufffd\ufffd', null, 0] });
    expect(await bench.land('clients', [client(1, odd), client(2)])).toMatchObject({ unchanged: 2 });
  });

  test('sets an amount too large for its column aside', async () => {
    await bench.land('bookings', [
      booking(1, null, { total: '10000000000.00' }),
      booking(2, null, { total: '9999999999.99' }),
    ]);
    await bench.apply('bookings', [1, 2]);
    expect(await bench.rows('bookings')).toMatchObject([{ external_id: '2', price: '9999999999.99' }]);
    expect(await bench.rows('sync_issues')).toMatchObject([{ external_id: '1', kind: 'invalid_record' }]);
  });

  test('sets an amount that rounding would make too large aside, by the name of its field', async () => {
    await bench.land('bookings', [booking(1, null, { total: '9999999999.999' }), booking(2)]);
    await bench.apply('bookings', [1, 2]);
    expect((await bench.rows('bookings')).map((row) => row.external_id)).toEqual(['2']);
    const [issue] = await bench.rows('sync_issues');
    expect(issue.details.problems).toEqual([
      { field: 'total', found: 'string', rule: 'expected an amount below 10^10' },
    ]);
  });
});
