import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startConsole } from '../../console/start-console.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import { type RentprogSimulator, startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { ask } from '../support/console.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { expectBalanced } from '../support/invariants.ts';
import { type System, startSystem } from '../support/system.ts';

const script = readFileSync(new URL('../../deploy/database-role.sql', import.meta.url), 'utf8');
const ROLES = ['pmsync_owner', 'pmsync_app', 'pmsync_reader', 'pmsync_analyst'] as const;
type RoleName = (typeof ROLES)[number];
const DENIED = /permission denied|must be (owner|superuser)|read-only transaction/;

let database: TestDatabase;
let simulator: RentprogSimulator;
const urls = new Map<RoleName, string>();

/** Roles belong to the whole server, so this is the only file that makes them, and it takes them away again. */
beforeAll(async () => {
  database = await createTestDatabase();
  await asAdministrator(script, script);
  for (const role of ROLES) {
    const password = randomBytes(12).toString('hex');
    await asAdministrator(`alter role ${role} login password '${password}'`);
    const url = new URL(database.url);
    [url.username, url.password] = [role, password];
    urls.set(role, url.href);
  }
  simulator = await startRentprogSimulator({
    branches: ['tbilisi'],
    bookings: 30,
    cars: 5,
    missingClients: 2,
    limits: null,
  });
});
afterAll(async () => {
  await simulator?.close();
  for (const role of ROLES) await asAdministrator(`drop owned by ${role} cascade`, `drop role ${role}`);
  await database?.drop();
});

const asAdministrator = (...statements: string[]) => run(database.url, ...statements);
const as = (role: RoleName, ...statements: string[]) => run(urls.get(role)!, ...statements);

async function run(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows = [] } = (await client.query(statement)) as pg.QueryResult);
    return rows;
  } finally {
    await client.end();
  }
}

async function expectDenied(role: RoleName, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await expect(as(role, statement), statement).rejects.toThrow(DENIED);
}

test('the owner makes everything in an empty database, without being anybody special', async () => {
  const empty = await createTestDatabase();
  try {
    const schemas = ['public', 'bullmq', 'hotel'].map((name) => `drop schema if exists ${name} cascade`);
    await run(empty.url, ...schemas, 'create schema public', script);
    const owner = new URL(urls.get('pmsync_owner')!);
    owner.pathname = new URL(empty.url).pathname;
    expect((await migrateToLatest(owner.href)).applied.length).toBeGreaterThan(4);
    await run(empty.url, script);
  } finally {
    await empty.drop();
  }
});

test('what the owner makes later is the system’s too, and nobody else’s', async () => {
  expect(await migrateToLatest(urls.get('pmsync_owner')!)).toEqual({ applied: [] });
  await as(
    'pmsync_owner',
    'create table made_later (id int)',
    'create schema later',
    'create table later.made (id int)',
  );
  expect(await as('pmsync_app', 'insert into made_later values (1)', 'select id from made_later')).toEqual([{ id: 1 }]);
  expect(await as('pmsync_app', 'select id from later.made')).toEqual([]);
  await expectDenied('pmsync_reader', ['select id from made_later', 'select id from later.made']);
});

describe.each(queueBackends())('with the queue on $name, as pmsync_app', (backend) => {
  test('a sync goes through, and the console answers', async () => {
    const prefix = `role-${randomBytes(4).toString('hex')}`;
    const beside = { databaseUrl: urls.get('pmsync_app')!, prefix } as System;
    const system = await startSystem({ backend, simulator, beside });
    try {
      const runs = await system.sync();
      expectBalanced(runs);
      expect(runs.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
      expect((await system.table('bookings')).length).toBeGreaterThan(20);
      const web = await startConsole(system.context, { host: '127.0.0.1', port: 0 });
      try {
        for (const path of ['/', '/api/overview', '/readyz', '/metrics', '/queues/api/queues'])
          expect((await ask(web.url + path)).status, path).toBe(200);
      } finally {
        await web.close();
      }
      expect(system.faults).toEqual([]);
    } finally {
      await system.stop();
    }
  });
});

test('pmsync_app changes rows and nothing else', async () => {
  await as('pmsync_app', "insert into audit_log (actor, action, target) values ('a test', 'looks', 'here')");
  await as('pmsync_app', 'begin', 'lock table kept_out in access exclusive mode', 'commit');
  await expectDenied('pmsync_app', [
    'create table mine (id int)',
    'create schema mine',
    'create function mine() returns int language sql as $$select 1$$',
    'alter table bookings add column mine int',
    'drop table bookings',
    'truncate bookings cascade',
    'delete from audit_log',
    "update audit_log set actor = 'nobody'",
    "insert into kysely_migration (name, timestamp) values ('9999-mine', 'now')",
    'create role mine',
    'alter role pmsync_app superuser',
    'set role pmsync_owner',
    "copy bookings to program 'true'",
    "select pg_read_file('/etc/passwd')",
    'create extension dblink',
  ]);
});

test('pmsync_reader reads what is mirrored, and neither landings, sessions nor the queue', async () => {
  expect((await as('pmsync_reader', 'select first_name, phone from clients limit 1')).length).toBe(1);
  for (const table of ['bookings', 'sales', 'receipts', 'sync_log', 'sync_issues'])
    await as('pmsync_reader', `select * from ${table} limit 1`);
  await expectDenied('pmsync_reader', [
    'select 1 from source_records',
    'select 1 from source_sessions',
    'select 1 from audit_log',
    'select 1 from bullmq.job',
    'select 1 from hotel.guests',
    "update bookings set status = 'cancelled'",
    'delete from clients',
    'create table mine (id int)',
    'set role pmsync_app',
  ]);
});

test('pmsync_analyst counts and sums without seeing a person', async () => {
  await as(
    'pmsync_analyst',
    'select status, count(*), sum(price) from bookings where check_in > now() group by status',
  );
  await as('pmsync_analyst', 'select language, count(*) from clients group by language');
  await as('pmsync_analyst', 'select accounting_date, sum(revenue) from sales group by 1');
  await expectDenied('pmsync_analyst', [
    'select * from clients',
    'select phone from clients',
    'select document_number from clients',
    'select additional_info from bookings',
    'select comment from bookings',
    'select waiter from sales',
    'select cashier from receipts',
    'select message from sync_issues',
    'select 1 from source_records',
    "update bookings set status = 'cancelled'",
  ]);
});

test('of the columns that a person can be told by, the analyst has none', async () => {
  const seen =
    await asAdministrator(`select table_name || '.' || column_name as name from information_schema.column_privileges
    where grantee = 'pmsync_analyst' and table_schema = 'public' order by 1`);
  const telling = seen
    .map(({ name }) => String(name))
    .filter((name) => /name|phone|mail|birth|address|comment|document|waiter|cashier|info|details|message/.test(name));
  const things = [
    'cars',
    'rooms',
    'categories',
    'departments',
    'stores',
    'products',
    'product_groups',
    'receipt_items',
  ];
  expect(telling).toEqual(things.map((table) => `${table}.name`).sort());
});
