import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { startIikoSimulator } from '../../sources/iiko/simulator.ts';
import { startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { iikoAccount } from '../support/iiko-truth.ts';
import { type CliResult, runCli } from '../support/run-cli.ts';
import { accountsOf, type System, startSystem } from '../support/system.ts';

const folder = mkdtempSync(join(tmpdir(), 'pmsync-analyze-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const opened: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.stop();
});

const backend = { name: 'postgres' } as const;

/** A system and the commands on its database. */
async function open(accounts: System['accounts'], name: string) {
  const system = await startSystem({ backend, accounts });
  opened.push(system);
  const own = accounts.map(({ name: account, baseUrl, timezone, currency, credentials, options }) => {
    writeFileSync(join(folder, '.env'), '');
    const secrets = Object.keys(credentials).map((key) => [key, `\${${name}_${account}_${key}}`]);
    return [account, { baseUrl, timezone, currency, ...Object.fromEntries(secrets), ...options }];
  });
  const path = join(folder, `${name}.yaml`);
  const limits = name === 'rentprog' ? { read: '12000/min', search: '12000/min', auth: '12000/min' } : {};
  writeFileSync(path, stringify({ sources: { [name]: { limits, accounts: Object.fromEntries(own) } } }), {
    mode: 0o600,
  });
  const secrets = accounts.flatMap(({ name: account, credentials }) =>
    Object.entries(credentials).map(([key, value]) => [`${name}_${account}_${key}`, value]),
  );
  const env = {
    DATABASE_URL: system.databaseUrl,
    PMSYNC_CONFIG: path,
    PMSYNC_DATA_DIR: join(folder, 'data'),
    LOG_DIR: join(folder, 'logs'),
    ...Object.fromEntries(secrets),
  };
  return { system, pm: (...args: string[]): Promise<CliResult> => runCli(env, ...args) };
}

interface Field {
  path: string;
  types: string[];
  mapped: string[];
  example: string;
  is_new: boolean;
}

test('analyze tells each field of iiko, where it goes, and what is new or gone since the last look', async () => {
  const simulator = await startIikoSimulator({ seed: 9, days: 3, lines: 60 });
  opened.push({ stop: () => simulator.close() });
  const { pm, system } = await open([iikoAccount(simulator)], 'iiko');
  const first = await pm('analyze', '--source', 'iiko', '--entity', 'products', '--json');
  expect(first.code, first.stderr).toBe(0);
  const [look] = first.data();
  expect(look).toMatchObject({ entity: 'products', first_look: true, gone: [] });
  const field = (path: string, of = look): Field => of.fields.find((each: Field) => each.path === path);
  expect(field('name')).toMatchObject({ types: ['text'], mapped: ['name'], example: expect.stringContaining('text') });
  expect(field('parent')).toMatchObject({ types: ['null', 'text'], mapped: ['parent_external_id'] });
  expect(field('color.red')).toMatchObject({ types: ['number'], mapped: ['additional_info'] });
  expect(field('modifiers[].childModifiers[].maximumAmount')).toMatchObject({ types: ['number'] });
  expect(look.fields.some((each: Field) => each.is_new)).toBe(false);

  for (const { id } of simulator.truth().products)
    simulator.mutate.updateProduct(id, { allergens: 'нет', unitCapacity: undefined as never });
  const [next] = (await pm('analyze', '--source', 'iiko', '--entity', 'products', '--json')).data();
  expect(next).toMatchObject({ first_look: false, gone: ['unitCapacity'] });
  expect(next.fields.filter((each: Field) => each.is_new).map((each: Field) => each.path)).toEqual(['allergens']);
  const lines = (await pm('analyze', '--source', 'iiko', '--entity', 'receipt_items', '--sample', '20')).stdout;
  expect(lines).toMatch(/DishAmountInt +number.* quantity/);

  await system.context.endIdleSessions();
  simulator.assertGoodManners();
});

test('a sync notes fields that a source begins to send, and status names them until somebody has looked', async () => {
  const simulator = await startIikoSimulator({ seed: 9, days: 3, lines: 60 });
  opened.push({ stop: () => simulator.close() });
  const { pm, system } = await open([iikoAccount(simulator)], 'iiko');
  await system.sync();
  expect((await pm('status', '--json')).data().drift).toEqual([]);
  const [product] = simulator.truth().products;
  simulator.mutate.updateProduct(product!.id, { allergens: { milk: true } });
  await system.sync(['products']);
  const status = await pm('status');
  expect(status.stdout).toContain('iiko products: new fields at the source: allergens, allergens.milk');
  const [look] = (await pm('analyze', '--source', 'iiko', '--entity', 'products', '--sample', '1000', '--json')).data();
  expect(look.fields.filter((each: Field) => each.is_new).map((each: Field) => each.path)).toEqual([
    'allergens',
    'allergens.milk',
  ]);
  expect((await pm('status', '--json')).data().drift).toEqual([]);
});

test('analyze works for other sources, and shows nobody', async () => {
  const simulator = await startRentprogSimulator({ branches: ['tbilisi'], bookings: 30, cars: 5, limits: null });
  opened.push({ stop: () => simulator.close() });
  const { pm } = await open(accountsOf(simulator), 'rentprog');
  const told = await pm('analyze', '--source', 'rentprog', '--json');
  expect(told.code, told.stderr).toBe(0);
  expect(told.data().map((report: { entity: string }) => report.entity)).toEqual(['clients', 'cars', 'bookings']);
  const { clients } = simulator.truth();
  for (const { name, phone } of Object.values(clients).slice(0, 20) as unknown as Record<string, string>[])
    for (const personal of [name, phone]) if (personal) expect(told.stdout).not.toContain(personal);
});

test('compare and status know what comes in sets: days of sales, line by line', async () => {
  const simulator = await startIikoSimulator({ seed: 9, days: 3, lines: 60, goneProducts: 0, goneStores: 0 });
  opened.push({ stop: () => simulator.close() });
  const { pm, system } = await open([iikoAccount(simulator)], 'iiko');
  await system.sync();
  const { receipts, lines } = simulator.truth();
  const { entities } = (await pm('status', '--entity', 'sales', '--json')).data();
  expect(entities.map(({ entity, rows, freshness }: Record<string, unknown>) => [entity, rows, freshness])).toEqual([
    ['receipts', receipts.length, 'ok'],
    ['receipt_items', lines.length, 'ok'],
    ['receipt_payments', simulator.truth().payments.length, 'ok'],
  ]);
  const { date } = receipts[0]!;
  await system.stopWorkers();
  const compare = (entity: string) => pm('compare', entity, '--source', 'iiko', '--from', date, '--to', date, '--json');
  for (const entity of ['receipts', 'receipt_items', 'receipt_payments']) {
    const same = await compare(entity);
    expect(same.code, `${entity}: ${same.stdout}`).toBe(0);
  }
  const line = lines.find(({ orderId }) => receipts.find((receipt) => receipt.orderId === orderId)?.date === date)!;
  simulator.mutate.changeLine(date, line.lineId, { name: 'Другое имя' });
  const differs = await compare('receipt_items');
  expect(differs.code).toBe(1);
  expect(differs.stdout).toContain(line.lineId);
  simulator.assertGoodManners({ allLoggedOut: true });
});

test('check logs in to iiko, says how many connections are left, and logs out', async () => {
  const simulator = await startIikoSimulator({ seed: 9, days: 2, lines: 20, licences: 3 });
  opened.push({ stop: () => simulator.close() });
  const { pm } = await open([iikoAccount(simulator)], 'iiko');
  const check = await pm('check', '--json');
  expect(check.code, check.stdout + check.stderr).toBe(0);
  expect(check.data().accounts[0]).toMatchObject({ ok: true, about: { server: 'STANDALONE_RMS', licences_left: '2' } });
  expect((await pm('check')).stdout).toContain('licences_left: 2, logged out again');
  simulator.assertGoodManners({ allLoggedOut: true });

  simulator.faults.licenceTaken = true;
  const refused = await pm('check');
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain('every API connection of the licence is taken');
  expect(simulator.requests.refusedLogins.length).toBe(1);
});
