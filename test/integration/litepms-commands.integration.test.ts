import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type LitepmsSimulator, startLitepmsSimulator } from '../../sources/litepms/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type CliResult, runCli } from '../support/run-cli.ts';

/** The commands have a Redis database of their own: their key prefix is the real one. */
const REDIS_DATABASE = '12';
const HOTEL = 'main';

describe.each(queueBackends())('the sync command and a hotel, with the queue in $name', ({ redisUrl }) => {
  const folder = mkdtempSync(join(tmpdir(), 'pmsync-litepms-'));
  let simulator: LitepmsSimulator;
  let database: TestDatabase;
  let env: Record<string, string>;
  const sync = (...args: string[]): Promise<CliResult> => runCli(env, 'sync', ...args, '--wait');

  beforeAll(async () => {
    const people = { clients: 120, missingClients: 0, goneClients: 0 };
    const world = { seed: 14, bookings: 60, historyDays: 60, ...people, hotels: { [HOTEL]: {} }, limits: null };
    simulator = await startLitepmsSimulator({ ...world, faults: { listDeleted: true } });
    database = await createTestDatabase();
    const [{ login, apiKey, timezone, currency }] = simulator.hotels as [LitepmsSimulator['hotels'][0]];
    const path = join(folder, 'pmsync.yaml');
    const account = { login: `\${L}`, apiKey: `\${K}`, timezone, currency, from: '2025-06-01' };
    const litepms = { baseUrl: simulator.url, limits: { read: '12000/min' }, accounts: { [HOTEL]: account } };
    writeFileSync(path, stringify({ sources: { litepms } }), { mode: 0o600 });
    env = {
      L: login,
      K: apiKey,
      DATABASE_URL: database.url,
      PMSYNC_CONFIG: path,
      PMSYNC_DATA_DIR: join(folder, 'data'),
      LOG_DIR: join(folder, 'logs'),
    };
    if (!redisUrl) return;
    const url = new URL(redisUrl);
    url.pathname = `/${REDIS_DATABASE}`;
    env.REDIS_URL = url.href;
    const redis = new Redis(url.href);
    await redis.flushdb();
    await redis.quit();
  });
  afterAll(async () => {
    await simulator.close();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('refuses a period where a list cannot be asked for one, and confirmed deletes without a full list', async () => {
    expect(await sync('--from', '2026-01-01')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('litepms clients, litepms rooms cannot be asked for a period') as unknown,
    });
    const unconfirmed = await sync('--confirm-deletes');
    expect(unconfirmed).toMatchObject({ code: 2, stderr: expect.stringContaining('needs --full') as unknown });
    expect(simulator.requests.total).toBe(0);
  });

  test('reads everything, then a period alone', async () => {
    expect(await sync()).toMatchObject({ code: 0 });
    simulator.resetRequests();
    const { code, data } = await sync('--entity', 'bookings', '--from', '2026-01-05', '--to', '2026-01-06', '--json');
    expect(code).toBe(0);
    expect(data().runs).toMatchObject([{ entity: 'bookings', period: '2026-01-05..2026-01-06', status: 'succeeded' }]);
    expect(simulator.requests.calls.filter((call) => call.method === 'getBookings').map((call) => call.params)).toEqual(
      [expect.objectContaining({ start: '2026-01-05', finish: '2026-01-06' })],
    );
  });

  test('tells in words what was deleted, in both languages', async () => {
    const [first, second] = simulator.truth()[HOTEL]!.bookings;
    simulator.mutate.deleteBooking(HOTEL, first!.id);
    const { code, stdout } = await sync('--entity', 'bookings');
    expect(code).toBe(0);
    expect(stdout).toContain('litepms main bookings: 1 not at the source any more: deleted here');
    simulator.mutate.deleteBooking(HOTEL, second!.id);
    const russian = await runCli(env, '--lang', 'ru', 'sync', '--entity', 'bookings', '--wait');
    expect(russian.stdout).toContain('litepms main bookings: нет больше в источнике, удалено здесь: 1');
    const status = await runCli(env, 'status');
    expect(status.stdout).toContain('main bookings: 1 not at the source any more: deleted here');
  });

  test('fails when the brake holds deletes, says what to run, and that lets them pass', async () => {
    const used = new Set(simulator.truth()[HOTEL]!.bookings.map((booking) => booking.client_id));
    const gone = simulator
      .truth()
      [HOTEL]!.clients.filter((client) => !used.has(client.id))
      .slice(0, 30);
    for (const { id } of gone) simulator.mutate.deleteClient(HOTEL, id);
    const held = await sync('--entity', 'clients', '--full');
    expect(held.code).toBe(1);
    expect(held.stdout).toContain('the delete brake holds 30 of 120 clients (25 %)');
    const [, command = ''] = /\(or: \.\/pmsync (sync [^)]*)\)/.exec(held.stdout) ?? [];
    expect(command).toBe('sync --source litepms --account main --entity clients --full --confirm-deletes');

    const confirmed = await runCli(env, ...command.split(' '), '--wait');
    expect(confirmed).toMatchObject({ code: 0, stdout: expect.stringContaining('No open issues.') as unknown });
    expect(confirmed.stdout).toContain('30 not at the source any more: deleted here');
  });
});
