import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../../db/connection.ts';
import { prepared } from '../../db/prepared.ts';
import { transaction } from '../../db/transaction.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
const opened: Connection[] = [];
const open = () => {
  const connection = connect({ url: database.url, max: 1, onError: () => {} });
  opened.push(connection);
  return connection;
};
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(opened.map((connection) => connection.close()));
  await database.drop();
});

const PAGE = 500;
const plus = ({ db }: Pick<Connection, 'db'>, n: number, rows = PAGE) =>
  sql<{ sum: number }>`
    ${prepared(rows)}select 1 + ${n}::int as sum`
    .execute(db)
    .then(({ rows }) => rows[0]!.sum);
const statementsOf = async ({ db }: Connection) =>
  (await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(db)).rows;

describe('a statement that carries a page', () => {
  test('is prepared once a connection, others are not', async () => {
    const connection = open();
    for (let n = 1; n <= 8; n += 1) expect(await plus(connection, n)).toBe(1 + n);
    await plus(connection, 1, 1);
    await sql`select ${1}::int`.execute(connection.db);
    expect((await statementsOf(connection)).map(({ statement }) => statement.trim())).toEqual([
      '/* prepared */ select 1 + $1::int as sum',
    ]);
  });

  test('whose text is never the same does not fill the server', async () => {
    const connection = open();
    for (let n = 0; n < 100; n += 1)
      await sql`${prepared(PAGE)}select ${n}::int as ${sql.ref(`n${n}`)}`.execute(connection.db);
    expect((await statementsOf(connection)).length).toBeLessThan(100);
  });

  test('is asked plainly from then on when a pooler has changed the connection behind our back', async () => {
    const connection = open();
    await plus(connection, 1);
    // What a pooler in transaction mode comes to: the name was made on another connection of the server.
    await sql`deallocate all`.execute(connection.db);
    expect(await transaction(connection.db, (trx) => plus({ db: trx }, 2))).toBe(3);
    expect(await plus(connection, 3)).toBe(4);
    expect(await statementsOf(connection)).toEqual([]);
  });
});
