import { afterEach, describe, expect, test } from 'vitest';
import { type IikoSimulator, type IikoSimulatorOptions, startIikoSimulator } from '../../sources/iiko/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectCatalogueMirrored, expectSalesMirrored, iikoAccount } from '../support/iiko-truth.ts';
import { expectBalanced } from '../support/invariants.ts';
import { type SystemOptions, startSystem } from '../support/system.ts';

const SEED = 6;
const NOBODY = '00000000-0000-4000-8000-00000000dead';
const SALES = ['receipts'];

describe.each(queueBackends())('what changes at iiko, with the queue on $name', (backend) => {
  const opened: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.stop();
  });

  async function start(
    world: IikoSimulatorOptions = {},
    options: Partial<SystemOptions> & { account?: Record<string, string> } = {},
  ) {
    const simulator = await startIikoSimulator({
      seed: SEED,
      days: 4,
      lines: 240,
      goneProducts: 0,
      goneStores: 0,
      ...world,
    });
    opened.push({ stop: () => simulator.close() });
    const system = await startSystem({ backend, accounts: [iikoAccount(simulator, options.account)], ...options });
    opened.push(system);
    return { simulator, system };
  }

  test('is mirrored: returns, refunds, deleted, moved and removed sales, new ones and modifiers', async () => {
    const { simulator, system } = await start();
    await system.sync();
    const [older, newer] = daysOf(simulator);
    const { receipts, lines } = simulator.truth({ from: older, to: older });
    const { mutate } = simulator;
    mutate.returnLine(older, lines[0]!.lineId);
    mutate.removeLine(older, lines[1]!.lineId);
    mutate.refundReceipt(older, receipts[2]!.orderId, newer);
    mutate.deleteReceipt(older, receipts[3]!.orderId);
    mutate.moveReceipt(older, receipts[4]!.orderId, newer);
    mutate.sell(simulator.departments[0]!.id, newer, [simulator.truth().products[1]!.id]);
    const modified = simulator.truth().products.find(({ modifiers }) => (modifiers as unknown[]).length > 0)!;
    mutate.updateProduct(modified.id, { modifiers: [], name: 'Тест без добавок' });

    const runs = await system.sync();
    expect(runs.map((run) => [run.entity, run.status])).toEqual(runs.map((run) => [run.entity, 'succeeded']));
    await expectSalesMirrored(system.db, simulator);
    await expectCatalogueMirrored(system.db, simulator);
    expectBalanced(runs);
    const [gone] = await system.table('receipt_items', `external_id like '%${lines[1]!.lineId}'`);
    expect(gone.deleted_at).not.toBeNull();

    mutate.moveReceipt(newer, receipts[4]!.orderId, older);
    await system.sync(SALES);
    await expectSalesMirrored(system.db, simulator);
  });

  test('of a day is never believed when all of it is gone, until somebody confirms it', async () => {
    const { simulator, system } = await start();
    await system.sync();
    const before = await system.table('receipt_items', 'deleted_at is null');
    const [day] = daysOf(simulator);
    simulator.mutate.emptyDay(day);

    const [held] = await system.sync(SALES);
    expect(held).toMatchObject({ status: 'partial', deleted: 0, error: expect.stringContaining('delete brake') });
    expect(await system.table('receipt_items', 'deleted_at is null')).toEqual(before);
    const [issue] = await system.table('sync_issues', `resolved_at is null and kind = 'delete_brake'`);
    expect(issue).toMatchObject({ entity: 'receipts', external_id: day });
    expect(issue.message).toContain('--confirm-deletes');

    const [confirmed] = await system.sync(SALES, 'incremental', { confirmDeletes: true });
    expect(confirmed).toMatchObject({ status: 'succeeded' });
    expect(confirmed!.deleted).toBeGreaterThan(0);
    await expectSalesMirrored(system.db, simulator);
    expect(await system.table('sync_issues', `resolved_at is null and kind = 'delete_brake'`)).toEqual([]);
  });

  test('is not wiped by an answer without rows: the cash shifts know better', async () => {
    const { simulator, system } = await start();
    await system.sync();
    simulator.faults.emptyOlap = 0.3;
    const [run] = await system.sync(SALES);
    expect(run).toMatchObject({ deleted: 0, status: 'succeeded', error: null });
    await expectSalesMirrored(system.db, simulator);
  });

  test('as a product that is sold before it was listed is looked up: one list for all who wait, and what is nowhere stays open', async () => {
    const { simulator, system } = await start();
    await system.sync();
    const [, day] = daysOf(simulator);
    const made = [1, 2, 3].map(() => simulator.mutate.createProduct({ modifiers: [] }).id);
    const store = simulator.mutate.createStore(simulator.departments[0]!.id, 'Новый склад');
    for (const id of made) simulator.mutate.sell(simulator.departments[0]!.id, day, [id, id], { storeId: store.id });
    simulator.mutate.sell(simulator.departments[0]!.id, day, [NOBODY]);
    simulator.resetRequests();

    const [run] = await system.sync(SALES);
    expect(run).toMatchObject({ status: 'succeeded', parked: 0 });
    expect(simulator.requests.byPath['/v2/entities/products/list']).toBe(1);
    expect(simulator.requests.byPath['/corporation/stores']).toBe(1);
    await expectSalesMirrored(system.db, simulator);
    const issues = await system.table('sync_issues', 'resolved_at is null');
    expect(issues.map(({ kind, entity }) => [kind, entity])).toEqual([['missing_parent', 'receipt_items']]);
    expect(issues[0].message).toContain(`products/${NOBODY}`);
    simulator.assertGoodManners();
  });

  test('links groups in whatever order they stand, writes a circle as it is, and waits only for what is missing', async () => {
    const { simulator, system } = await start();
    const { groups } = simulator.truth();
    const [first, second, third, fourth, ...others] = groups.map(({ id }) => id) as [string, string, string, string];
    const last = (others as string[]).at(-1)!;
    simulator.mutate.updateGroup(first, { parent: last });
    simulator.mutate.updateGroup(second, { parent: third });
    simulator.mutate.updateGroup(third, { parent: second });
    simulator.mutate.updateGroup(fourth, { parent: NOBODY });
    simulator.mutate.updateGroup(last, { parent: fourth });
    const [run] = await system.sync(['product_groups']);
    expect(run).toMatchObject({ status: 'succeeded', inserted: groups.length });
    const rows = await system.table('product_groups');
    const idOf = (external: string) => rows.find((row) => row.external_id === external);
    const parentOf = (external: string) =>
      rows.find((row) => row.id === idOf(external).parent_id)?.external_id ?? idOf(external).parent_id;
    expect([first, second, third, fourth, last].map(parentOf)).toEqual([last, third, second, null, fourth]);
    const issues = await system.table('sync_issues', 'resolved_at is null');
    expect(issues.map(({ external_id }) => external_id)).toEqual([fourth]);
  });

  test('keeps receipts whose department the lists do not have, each with an open issue', async () => {
    const { simulator, system } = await start({ otherOlapIds: true, lines: 60 });
    const runs = await system.sync();
    expect(runs.map((run) => run.status)).toEqual(runs.map(() => 'succeeded'));
    const { receipts } = await expectSalesMirrored(system.db, simulator);
    expect((await system.table('receipts', 'department_id is null')).length).toBe(receipts.length);
    const issues = await system.table('sync_issues', `resolved_at is null and kind = 'missing_parent'`);
    expect(issues.filter(({ entity }) => entity === 'receipts')).toHaveLength(receipts.length);
    expect(simulator.requests.byPath['/corporation/departments']).toBeLessThanOrEqual(3);
  });

  test('as a removed store gets its tombstone from a complete list, and not sooner', async () => {
    const { simulator, system } = await start();
    await system.sync();
    const [store] = simulator.truth().stores;
    simulator.mutate.removeStore(store!.id);
    await system.sync(['stores']);
    expect((await system.table('stores', 'is_deleted')).length).toBe(0);
    await system.sync(['stores'], 'full');
    expect((await system.table('stores', 'is_deleted')).map((row) => row.external_id)).toEqual([store!.id]);
  });

  test('of a day too large to be answered in time is read by department, and one whose lines split with fewer fields', async () => {
    const { simulator, system } = await start(
      { faults: { bigDays: { rows: 120, ms: 1700 }, splittingColumns: ['FiscalChequeNumber'] }, days: 2, lines: 200 },
      { account: { reportTimeoutSeconds: '1' } },
    );
    const runs = await system.sync();
    expect(runs.map((run) => [run.entity, run.status, run.error])).toEqual(
      runs.map((run) => [run.entity, 'succeeded', null]),
    );
    // Without our extra fields nobody knows the store.
    await expectSalesMirrored(system.db, simulator, undefined, { stores: false });
    const pages = (await system.table('sync_pages')).map(({ page }) => String(page));
    expect(pages.filter((page) => page.endsWith('/all')).length).toBeGreaterThan(0);
    expect(pages.filter((page) => page.endsWith('/lean')).length).toBeGreaterThan(0);
    simulator.assertGoodManners();
  });

  test('in a period is read without the rest', async () => {
    const { simulator, system } = await start();
    const [day] = daysOf(simulator);
    const [run] = await system.sync(SALES, 'incremental', { period: { from: day, to: day } });
    expect(run).toMatchObject({ status: 'succeeded', period: `${day}..${day}` });
    await expectSalesMirrored(system.db, simulator, { from: day, to: day });
  });
});

/** Two days with sales in the last three, older first. */
function daysOf(simulator: IikoSimulator): [string, string] {
  const days = [...new Set(simulator.truth().receipts.map(({ date }) => date))].sort();
  return [days.at(-2)!, days.at(-1)!];
}
