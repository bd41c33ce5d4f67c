import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { startConsole } from '../../console/start-console.ts';
import { type LitepmsSimulator, startLitepmsSimulator } from '../../sources/litepms/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced } from '../support/invariants.ts';
import { expectHotelsMirrored, hotelAccounts } from '../support/litepms-truth.ts';
import { type CliResult, runCli } from '../support/run-cli.ts';
import { type Run, type System, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

/** The commands have a Redis database of their own: their key prefix is the real one. */
const REDIS_DATABASE = '15';
const HOTEL = 'main';
const SECRET = 'a-secret-of-this-hotel';

describe.each(queueBackends())('a hotel that deletes, with the queue in $name', (backend) => {
  let folder: string;
  let simulator: LitepmsSimulator;
  let system: System;
  let env: Record<string, string>;
  const compare = (...args: string[]): Promise<CliResult> => runCli(env, 'compare', 'bookings', ...args);
  const ids = () => simulator.truth()[HOTEL]!.bookings.map(({ id }) => String(id));
  const rowOf = async (id: string) => (await system.table('bookings', `external_id = '${id}'`))[0];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pmsync-hotel-'));
    const people = { missingClients: 0, goneClients: 0 };
    const world = { seed: 14, bookings: 60, historyDays: 60, ...people, hotels: { [HOTEL]: {} }, limits: null };
    simulator = await startLitepmsSimulator(world);
    const accounts = hotelAccounts(simulator).map((account) => ({ ...account, webhookSecret: SECRET }));
    system = await startSystem({ backend, accounts });
    await system.sync();
    const [{ login, apiKey, timezone, currency }] = simulator.hotels as [LitepmsSimulator['hotels'][0]];
    const account = { login: `\${L}`, apiKey: `\${K}`, timezone, currency, from: accounts[0]!.options.from };
    const litepms = { baseUrl: simulator.url, limits: { read: '12000/min' }, accounts: { [HOTEL]: account } };
    const path = join(folder, 'pmsync.yaml');
    writeFileSync(path, stringify({ sources: { litepms } }), { mode: 0o600 });
    env = {
      L: login,
      K: apiKey,
      DATABASE_URL: system.databaseUrl,
      PMSYNC_CONFIG: path,
      PMSYNC_DATA_DIR: join(folder, 'data'),
      LOG_DIR: join(folder, 'logs'),
    };
    if (!backend.redisUrl) return;
    const url = new URL(backend.redisUrl);
    url.pathname = `/${REDIS_DATABASE}`;
    env.REDIS_URL = url.href;
    const redis = new Redis(url.href);
    await redis.flushdb();
    await redis.quit();
  });
  afterEach(async () => {
    await system.stop();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('clients that no list has, but that the source has by their ids, are no difference', async () => {
    simulator.faults.hideClients = 0.1;
    const clients = async (...args: string[]) => runCli(env, 'compare', 'clients', ...args, '--json');
    const before = (await clients()).data();
    expect(before).toMatchObject({ equal: false, only_by_id: [] });
    expect(before.gone_there.length).toBeGreaterThan(0);
    const fixed = await clients('--fix');
    expect(fixed.data()).toMatchObject({ equal: true, gone_there: [], only_by_id: before.gone_there });
    expect(fixed.code).toBe(0);
    expect((await clients()).data()).toMatchObject({ equal: true });
    expect(await system.table('clients', 'deleted_at is not null')).toEqual([]);
  });

  test('compare finds by bare ids what is missing, gone and changed here, and --fix mends all of it', async () => {
    const [gone, dropped, spoilt] = ids() as [string, string, string];
    expect((await compare('--json')).data()).toMatchObject({
      equal: true,
      absence: 'deleted',
      different: [],
      missing: [],
    });
    simulator.mutate.deleteBooking(HOTEL, gone);
    await sql.raw(`delete from bookings where external_id = '${dropped}'`).execute(system.db);
    await sql.raw(`update bookings set price = price + 1 where external_id = '${spoilt}'`).execute(system.db);
    const found = await compare('--json');
    expect(found.code).toBe(1);
    expect(found.data()).toMatchObject({
      missing: [{ external_id: dropped, reason: 'row' }],
      different: [{ external_id: spoilt, fields: ['price'] }],
      gone_there: [{ external_id: gone }],
    });
    expect((await rowOf(gone)).deleted_at).toBeNull();
    const fixed = await compare('--fix', '--json');
    expect(fixed.code, fixed.stdout + fixed.stderr).toBe(0);
    expect(fixed.data().fix).toMatchObject([{ applied: 2, read_again: 0, gone: { step: 'verified', count: 1 } }]);
    expect((await rowOf(gone)).deleted_at).not.toBeNull();
    await expectHotelsMirrored(system.db, simulator);
    expectBalanced(await system.runs());
  });

  test('compare --fix holds what would delete too much until it is confirmed', async () => {
    const many = ids().slice(0, 25);
    for (const id of many) simulator.mutate.deleteBooking(HOTEL, id);
    const held = await compare('--fix');
    expect(held.code).toBe(1);
    expect(held.stdout).toContain('held by the brake (deleteBrake)');
    expect(held.stdout).toContain('--fix --confirm-deletes');
    expect(await system.table('bookings', 'deleted_at is not null')).toEqual([]);
    const confirmed = await compare('--fix', '--confirm-deletes');
    expect(confirmed.code, confirmed.stdout + confirmed.stderr).toBe(0);
    expect(await system.table('bookings', 'deleted_at is not null')).toHaveLength(25);
    await expectHotelsMirrored(system.db, simulator);
  });

  test('compare keeps to a period, by the day of the change', async () => {
    const { rows } = await sql<{ day: string; n: number }>`
      select (source_updated_at at time zone ${system.accounts[0]!.timezone})::date::text as day, count(*)::int as n
      from bookings group by 1 order by 2 desc limit 1`.execute(system.db);
    const { day, n } = rows[0]!;
    const [account] = (await compare('--from', day, '--to', day, '--json')).data().accounts;
    expect(account).toMatchObject({ equal: true, listed: n, here: n });
    expect(await runCli(env, 'compare', 'rooms', '--from', day)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be asked for a period') as unknown,
    });
  });

  test('what is kept out is neither known nor read, though every list names it', async () => {
    const [id] = ids() as [string];
    const deleted = await runCli(env, 'delete', 'bookings', id, '--keep-out', '--yes');
    expect(deleted.code, deleted.stdout + deleted.stderr).toBe(0);
    expect(await system.sync(['bookings'], 'full')).toMatchObject([
      { status: 'succeeded', fetched: 59, unchanged: 59 },
    ]);
    expect(await system.table('source_records', `entity = 'bookings' and external_id = '${id}'`)).toEqual([]);
    expect(await rowOf(id)).toBeUndefined();
    const compared = await compare('--json');
    expect(compared.code, compared.stdout).toBe(0);
    expect(compared.data().kept_out).toMatchObject([{ external_id: id }]);
    expect((await runCli(env, 'delete', 'bookings', id, '--let-in')).code).toBe(0);
    await system.sync(['bookings'], 'full');
    expect(await rowOf(id)).toMatchObject({ deleted_at: null });
  });

  test('a webhook of a deleted booking leaves a tombstone, and that of one that came back takes it away', async () => {
    const console = await startConsole(system.context, { host: '127.0.0.1', port: 0 });
    try {
      const [id] = ids() as [string];
      const tell = (type: string) =>
        fetch(`${console.url}/webhooks/litepms/${HOTEL}/${SECRET}`, {
          method: 'POST',
          body: new URLSearchParams({ type, booking_id: id }),
        });
      simulator.mutate.deleteBooking(HOTEL, id);
      expect((await tell('delete_booking')).status).toBe(200);
      await waitFor(async () => (await rowOf(id)).deleted_at !== null, { describe: 'it has a tombstone' });
      simulator.mutate.restoreBooking(HOTEL, id);
      expect((await tell('edit_booking')).status).toBe(200);
      await waitFor(async () => (await rowOf(id)).deleted_at === null, { describe: 'it is back' });
      await system.settled();
      const runs = (await system.table('sync_log', "trigger = 'webhook'")) as Run[];
      expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['succeeded']));
      expectBalanced(runs);
    } finally {
      await console.close();
    }
  });
});
