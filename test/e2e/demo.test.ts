import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, type TestContext, test } from 'vitest';
import { type RentprogSimulator, startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { createHome, type PmsyncHome } from '../support/pmsync-process.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;
const RECORDS = 400;
/** What RentProg's simulator scales to for this many bookings: 32 clients and 3 cars are in no list, 5 clients are nowhere. */
const HEALED = 35;
const GONE = 5;
/** A quarter as many bookings in two hotels: 10 clients are in no list, 3 nowhere. */
const HOTELS = { bookings: 100, rooms: 24, healed: 10, gone: 3 };

interface Status {
  queue_backend: string;
  entities: {
    account: string;
    entity: string;
    rows: number;
    without_parent: number;
    open_issues: number;
    parked: number;
  }[];
}

interface Receipts {
  finished: boolean;
  records: { external_id: string; after: string; ok: boolean }[];
  unknown: { external_id: string }[];
}

describe.concurrent('the demo', () => {
  test('needs neither database nor Redis, ends with a table of everything, and leaves nothing behind', async (context) => {
    const home = open(context);
    const { code, stdout, stderr } = await home.run(['demo', '--once', '--records', String(RECORDS)]);
    expect({ code, stderr }).toMatchObject({ code: 0 });

    const hotels = tableOf(stdout, 'litepms');
    expect(new Set(hotels.map((run) => run.status))).toEqual(new Set(['succeeded']));
    const fetched = (entity: string) => sum(hotels.filter((run) => run.entity === entity).map((run) => run.fetched));
    expect({ bookings: fetched('bookings'), rooms: fetched('rooms') }).toEqual({
      bookings: HOTELS.bookings,
      rooms: HOTELS.rooms,
    });
    const runs = tableOf(stdout, 'rentprog');
    const branches = new Set(runs.map((run) => run.account));
    expect(branches.size).toBeGreaterThanOrEqual(4);
    expect(runs).toHaveLength(branches.size * 3);
    expect(new Set(runs.map((run) => run.status))).toEqual(new Set(['succeeded']));
    expect(sum(runs.filter((run) => run.entity === 'bookings').map((run) => run.fetched))).toBe(RECORDS);
    expect(stdout).toContain(`${GONE + HOTELS.gone} open issues:`);
    expect(stdout.match(/missing_parent: stored without clients\/\d+/g)).toHaveLength(GONE + HOTELS.gone);
    const [healed, gone] = [HEALED + HOTELS.healed, GONE + HOTELS.gone];
    expect(stdout).toContain(`${healed} missing clients and cars were looked up and linked; ${gone} are nowhere`);
    expectNothingLeft(home);

    const { entities, queue_backend } = await home.json<Status>(['status', '--source', 'rentprog']);
    expect(queue_backend).toBe('postgres');
    const rows = (entity: string) => sum(entities.filter((each) => each.entity === entity).map((each) => each.rows));
    expect({ clients: rows('clients'), cars: rows('cars'), bookings: rows('bookings') }).toEqual({
      clients: RECORDS / 2 + 32,
      cars: 203,
      bookings: RECORDS,
    });
    expect(sum(entities.map((each) => each.without_parent))).toBe(GONE);
    expect(sum(entities.map((each) => each.open_issues))).toBe(GONE);
    expect(sum(entities.map((each) => each.parked))).toBe(0);
    expectNothingLeft(home);

    await expectNothingPersonal(home);
  });

  test('stays up for a second terminal and ends with Ctrl-C', async (context) => {
    const home = open(context);
    const demo = home.start(['demo', '--json', '--records', '100']);
    const [, url] = await waitFor(() => /The demo stays up: (http:\S+) /.exec(demo.stderr()), {
      describe: 'the demo says where its console is',
      timeoutMs: 60 * SECOND,
    });
    const { ok, runs } = JSON.parse(demo.stdout()) as {
      ok: boolean;
      runs: { source: string; entity: string; fetched: number }[];
    };
    expect(ok).toBe(true);
    const cars = runs.filter((run) => run.source === 'rentprog');
    expect(sum(cars.filter((run) => run.entity === 'bookings').map((run) => run.fetched))).toBe(100);

    const [health, board, status, explained, requeued, database] = await Promise.all([
      fetch(`${url}/healthz`),
      fetch(`${url}/queues`),
      home.json<Status>(['status', '--source', 'rentprog']),
      home.run(['explain', 'bookings', '900101', '--source', 'rentprog']),
      home.json<Receipts>(['requeue', 'bookings', '900101', '999999', '--source', 'rentprog']),
      home.run(['db', 'url']),
    ]);
    expect([health.status, await health.json()]).toEqual([200, { ok: true }]);
    expect([board.status, await board.text()]).toEqual([200, expect.stringContaining('<html')]);
    expect(sum(status.entities.filter((each) => each.entity === 'bookings').map((each) => each.rows))).toBe(100);
    expect({ ...explained }).toMatchObject({ code: 0, stdout: expect.stringMatching(/900101[\s\S]*applied/) });
    expect(requeued).toMatchObject({
      finished: true,
      records: [{ external_id: '900101', after: 'applied', ok: true }],
      unknown: [{ external_id: '999999' }],
    });
    expect(database.code).toBe(0);
    expect(await countOf("bookings where source = 'rentprog'", database.stdout.trim())).toBe(100);

    demo.kill('SIGINT');
    expect(await demo.ended(25 * SECOND)).toMatchObject({ code: 0, signal: null });
    expectNothingLeft(home);
  });
});

function open({ onTestFinished }: TestContext): PmsyncHome {
  const home = createHome();
  onTestFinished(home.remove);
  return home;
}

/** The rows of the table that ends a sync. */
function tableOf(output: string, source: string) {
  const lines = output.split('\n').map((line) => line.trim().split(/\s{2,}/));
  return lines
    .filter(([name, account, , status]) => name === source && account && status)
    .map(([, account, entity, status, fetched]) => ({ account, entity, status, fetched: Number(fetched) }));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function expectNothingLeft(home: PmsyncHome): void {
  expect(home.processes()).toEqual([]);
  expect(readdirSync(join(home.dataDir, 'members'))).toEqual([]);
  expect(readdirSync(home.dataDir)).not.toContain('keeper');
}

async function expectNothingPersonal(home: PmsyncHome): Promise<void> {
  const logs = [home.logs(), readFileSync(join(home.dataDir, 'postgres.log'), 'utf8')].join('\n');
  expect(logs.split('\n').length).toBeGreaterThan(RECORDS);
  const password = readFileSync(join(home.dataDir, 'postgres.password'), 'utf8').trim();
  // The demo's own world, made again.
  const simulator = await startRentprogSimulator({ seed: 1, bookings: RECORDS });
  const told = [password, ...secretsOf(simulator), ...personalData(simulator)].filter((text) => logs.includes(text));
  await simulator.close();
  expect(told).toEqual([]);
}

function secretsOf({ branches }: RentprogSimulator): string[] {
  // Every token that the simulator gives out ends like this.
  return [...branches.map((branch) => branch.companyToken), 'simulatedsimulated'];
}

function personalData(simulator: RentprogSimulator): string[] {
  const { clients } = simulator.truth();
  const values = clients.flatMap(({ name, lastname, fio, phone, email }) => [name, lastname, fio, phone, email]);
  const texts = values.map((value) => String(value ?? '').trim()).filter((text) => text.length > 2);
  expect(texts.length).toBeGreaterThan(clients.length * 3);
  return [...new Set(texts)];
}

async function countOf(table: string, url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n ?? 0;
  } finally {
    await client.end();
  }
}
