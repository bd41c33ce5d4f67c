import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../../db/connection.ts';
import { sqlState } from '../../db/sql-state.ts';
import { repeatable, type Trx, transaction } from '../../db/transaction.ts';
import { last } from '../../db/wait-less.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';

let database: TestDatabase;
let one: Connection;
let other: Connection;
beforeAll(async () => {
  database = await createTestDatabase();
  one = connect({ url: database.url, max: 1, onError: () => {} });
  other = connect({ url: database.url, max: 1, onError: () => {} });
});
afterAll(async () => {
  await Promise.all([one, other].map((connection) => connection.close()));
  await database.drop();
});
beforeEach(async () => {
  await sql`create table if not exists counters (name text primary key, n integer check (n < 10))`.execute(other.db);
  await sql`insert into counters values ('hot', 0) on conflict (name) do update set n = 0`.execute(other.db);
});

const count = (trx: Trx, by = 1) => sql`update counters set n = n + ${by}`.execute(trx);
const countLast = (trx: Trx, by = 1) => sql`${last}update counters set n = n + ${by}`.execute(trx);
const counted = async () => (await sql<{ n: number }>`select n from counters`.execute(other.db)).rows[0]!.n;
const isFree = () =>
  sql`select from counters for update nowait`.execute(other.db).then(
    () => true,
    (error: unknown) => {
      if (sqlState(error) !== '55P03') throw error;
      return false;
    },
  );

describe('a transaction', () => {
  test('is committed with its last statement: nobody waits until this process goes on', async () => {
    await transaction(one.db, async (trx) => {
      await count(trx);
      expect(await isFree()).toBe(false);
      await countLast(trx);
      await waitFor(isFree, { describe: 'the row is free', timeoutMs: 10_000, intervalMs: 5 });
      expect(await counted()).toBe(2);
    });
    expect(await counted()).toBe(2);
    await transaction(one.db, (trx) => count(trx));
    expect(await counted()).toBe(3);
  });

  test('whose last statement fails is undone as a whole, and says why', async () => {
    const broken = transaction(one.db, async (trx) => {
      await count(trx);
      await countLast(trx, 100);
    });
    await expect(broken).rejects.toMatchObject({ code: '23514' });
    expect(await counted()).toBe(0);
    expect(await transaction(one.db, countLast)).toMatchObject({ numAffectedRows: 1n });
  });

  test('takes nothing more after its last statement', async () => {
    const late = transaction(one.db, async (trx) => {
      await countLast(trx);
      await count(trx);
    });
    await expect(late).rejects.toThrow('committed');
    expect(await counted()).toBe(1);
  });

  test('that is given up after its last statement does not look undone', async () => {
    const late = transaction(one.db, async (trx) => {
      await countLast(trx);
      throw new Error('changed my mind');
    });
    await expect(late).rejects.toThrow('committed');
    expect(await counted()).toBe(1);
    expect(await transaction(one.db, countLast)).toMatchObject({ numAffectedRows: 1n });
  });

  test('that need not wait for the disk says so to itself alone', async () => {
    const setting = async (trx: Pick<Connection, 'db'>['db']) =>
      (await sql<{ synchronous_commit: string }>`show synchronous_commit`.execute(trx)).rows[0]!.synchronous_commit;
    await sql`set synchronous_commit = on`.execute(one.db);
    expect(await repeatable(one.db, setting)).toBe('off');
    expect(await transaction(one.db, setting)).toBe('on');
  });

  test('whose first words meet a lost connection fails, and the next one has another', async () => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(one.db);
    const torn = transaction(one.db, async (trx) => {
      await sql`select pg_terminate_backend(${rows[0]!.pid})`.execute(other.db);
      await count(trx);
    });
    await expect(torn).rejects.toThrow();
    await transaction(one.db, countLast);
    expect(await counted()).toBe(1);
  });
});
