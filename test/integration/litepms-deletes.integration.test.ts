import { afterEach, describe, expect, test } from 'vitest';
import { findRecords } from '../../db/requeueable.ts';
import { requeue } from '../../jobs/requeue.ts';
import { type LitepmsSimulatorOptions, startLitepmsSimulator } from '../../sources/litepms/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced, expectNobodyForgotten, rowVersions } from '../support/invariants.ts';
import { expectHotelsMirrored, hotelAccounts } from '../support/litepms-truth.ts';
import { type System, type SystemOptions, startSystem } from '../support/system.ts';

const SEED = 9;
const HOTEL = 'main';

describe.each(queueBackends())('deletes at LitePMS with the queue on $name', (backend) => {
  const opened: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.stop();
  });

  async function start(world: LitepmsSimulatorOptions, options: Partial<SystemOptions> = {}) {
    const simulator = await startLitepmsSimulator({
      seed: SEED,
      limits: null,
      historyDays: 200,
      hotels: { [HOTEL]: {} },
      ...world,
    });
    opened.push({ stop: () => simulator.close() });
    const system = await startSystem({ backend, accounts: hotelAccounts(simulator), ...options });
    opened.push(system);
    await system.sync();
    simulator.resetRequests();
    return { simulator, system, truth: () => simulator.truth()[HOTEL]! };
  }

  test('a booking that is not found any more gets a tombstone, and loses it when it comes back', async () => {
    const { simulator, system, truth } = await start({ bookings: 80, faults: { listDeleted: true } });
    const [gone] = truth().bookings;
    simulator.mutate.deleteBooking(HOTEL, gone!.id);
    expect(await system.sync(['bookings'])).toMatchObject([{ status: 'succeeded', deleted: 1 }]);
    expect(await standing(system, 'bookings', gone!.id)).toMatchObject({
      row: { deleted_at: expect.any(Date) as unknown },
      record: { state: 'gone', deleted_at: expect.any(Date) as unknown },
    });
    // It stays in the change list: asked for again, it is not deleted again.
    expect(await system.sync(['bookings'])).toMatchObject([{ status: 'succeeded', deleted: 0 }]);

    simulator.mutate.restoreBooking(HOTEL, gone!.id);
    expect(await system.sync(['bookings'])).toMatchObject([{ status: 'succeeded', updated: 1 }]);
    expect(await standing(system, 'bookings', gone!.id)).toMatchObject({
      row: { deleted_at: null },
      record: { state: 'applied', deleted_at: null },
    });
    await expectHotelsMirrored(system.db, simulator);
    expectBalanced(await system.runs());
  });

  test('a tombstone is read again at the source when it is re-queued', async () => {
    const { simulator, system, truth } = await start({ bookings: 60, faults: { listDeleted: true } });
    const [gone] = truth().bookings;
    simulator.mutate.deleteBooking(HOTEL, gone!.id);
    await system.sync(['bookings']);
    const again = async () => {
      const found = await findRecords(system.db, { source: 'litepms', entity: 'bookings' }, [gone!.id]);
      const order = { source: 'litepms', refetch: false, actor: 'test', target: 'bookings', details: {} };
      await (await requeue(system.context, found, order)).sent;
      await system.settled();
      return standing(system, 'bookings', gone!.id);
    };
    expect(await again()).toMatchObject({
      record: { state: 'gone' },
      row: { deleted_at: expect.any(Date) as unknown },
    });
    simulator.mutate.restoreBooking(HOTEL, gone!.id);
    expect(await again()).toMatchObject({ record: { state: 'applied' }, row: { deleted_at: null } });
    expectBalanced(await system.runs());
  });

  test('a booking that was deleted before it was ever read leaves no row, and does not count as deleted', async () => {
    const simulator = await startLitepmsSimulator({
      seed: SEED,
      limits: null,
      bookings: 90,
      historyDays: 200,
      hotels: { [HOTEL]: {} },
      faults: { listDeleted: true },
    });
    opened.push({ stop: () => simulator.close() });
    const gone = simulator.truth()[HOTEL]!.bookings.slice(0, 30);
    for (const { id } of gone) simulator.mutate.deleteBooking(HOTEL, id);
    const system = await startSystem({ backend, accounts: hotelAccounts(simulator) });
    opened.push(system);
    const runs = await system.sync();
    expect(runs.filter((run) => run.status !== 'succeeded' || run.deleted > 0)).toEqual([]);
    expect(await system.table('source_records', "state = 'gone' and entity = 'bookings'")).toHaveLength(30);
    await expectHotelsMirrored(system.db, simulator);
  });

  test('clients that a complete list has not got are read one by one; only those that are nowhere are deleted', async () => {
    const { simulator, system, truth } = await start({
      bookings: 200,
      clients: 200,
      missingClients: 10,
      goneClients: 2,
    });
    const used = new Set(truth().bookings.map((booking) => booking.client_id));
    const [gone] = truth().clients.filter((client) => !used.has(client.id));
    simulator.mutate.deleteClient(HOTEL, gone!.id);
    // Not in the list, and yet there.
    expect(await system.sync(['clients'])).toMatchObject([{ status: 'succeeded', deleted: 0 }]);
    expect(simulator.requests.byMethod.getClient ?? 0).toBe(0);

    expect(await system.sync(['clients'], 'full')).toMatchObject([{ status: 'succeeded', deleted: 1 }]);
    expect(simulator.requests.byMethod.getClient).toBe(11);
    expect(await standing(system, 'clients', gone!.id)).toMatchObject({
      row: { deleted_at: expect.any(Date) as unknown },
      record: { state: 'gone' },
    });
    await expectHotelsMirrored(system.db, simulator);
    expectBalanced(await system.runs());
    await expectNobodyForgotten(system.db);
  });

  test('a list that suddenly loses 30 % of its clients is held by the brake, whose issue says what to run', async () => {
    const { simulator, system, truth } = await start({
      bookings: 120,
      clients: 300,
      missingClients: 0,
      goneClients: 0,
    });
    const before = await rowVersions(system.db);
    simulator.faults.hideClients = 0.3;
    const [held] = await system.sync(['clients'], 'full');
    expect(held).toMatchObject({ status: 'partial', deleted: 0, error: expect.stringContaining('brake') as unknown });
    expect(simulator.requests.byMethod.getClient ?? 0).toBe(0);
    const { sync_issues: _, ...tables } = await rowVersions(system.db);
    expect(tables).toEqual(without(before, 'sync_issues'));
    const open = await system.table('sync_issues', "kind = 'delete_brake' and resolved_at is null");
    expect(open).toMatchObject([{ entity: 'clients', account: HOTEL, external_id: null, run_id: held!.id }]);
    expect(open[0].message).toContain(
      './pmsync compare clients --source litepms --account main --fix --confirm-deletes',
    );
    expect(open[0].message).toContain('sync --source litepms --account main --entity clients --full --confirm-deletes');
    expect(open[0].details).toMatchObject({ live: 300, sample: expect.any(Array) as unknown });

    // Confirmed, they are read one by one, and found: the list was wrong.
    const hidden = open[0].details.deletes as number;
    expect(hidden).toBeGreaterThan(60);
    const confirmed = await system.sync(['clients'], 'full', { confirmDeletes: true });
    expect(confirmed).toMatchObject([{ status: 'succeeded', deleted: 0 }]);
    expect(simulator.requests.byMethod.getClient).toBe(hidden);
    expect(await system.table('sync_issues', "kind = 'delete_brake' and resolved_at is null")).toEqual([]);
    simulator.faults.hideClients = 0;
    expect(truth().clients).toHaveLength(300);
    await expectHotelsMirrored(system.db, simulator);
  });

  test('the brake lets go by itself when the list is whole again', async () => {
    const { simulator, system } = await start({ bookings: 60, clients: 200, missingClients: 0, goneClients: 0 });
    simulator.faults.hideClients = 0.3;
    await system.sync(['clients'], 'full');
    simulator.faults.hideClients = 0;
    expect(await system.sync(['clients'], 'full')).toMatchObject([{ status: 'succeeded', deleted: 0 }]);
    expect(await system.table('sync_issues', "kind = 'delete_brake'")).toMatchObject([
      { resolution: 'within the brake again', resolved_at: expect.any(Date) as unknown },
    ]);
  });

  test('a vendor that suddenly finds nothing is stopped by the brake, and confirmed deletes are not', async () => {
    // A client that only its booking leads to would be no client of the truth any more.
    const special = { missingClients: 0, goneClients: 0 };
    const { simulator, system, truth } = await start({ bookings: 200, ...special, faults: { listDeleted: true } });
    const gone = truth().bookings.slice(0, 50);
    for (const { id } of gone) simulator.mutate.deleteBooking(HOTEL, id);
    const [held] = await system.sync(['bookings']);
    expect(held).toMatchObject({ status: 'partial', deleted: 20, error: expect.stringContaining('brake') as unknown });
    expect(await system.table('bookings', 'deleted_at is not null')).toHaveLength(20);
    expect(await system.table('sync_issues', "kind = 'delete_brake' and resolved_at is null")).toHaveLength(1);

    const [confirmed] = await system.sync(['bookings'], 'full', { confirmDeletes: true });
    expect(confirmed).toMatchObject({ status: 'succeeded', deleted: 30 });
    expect(await system.table('sync_issues', "kind = 'delete_brake' and resolved_at is null")).toEqual([]);
    await expectHotelsMirrored(system.db, simulator);
    expectBalanced(await system.runs());
  });
});

async function standing(system: System, table: string, id: string) {
  const [row] = await system.table(table, `external_id = '${id}'`);
  const [record] = await system.table('source_records', `entity = '${table}' and external_id = '${id}'`);
  return { row, record };
}

function without<T extends object>(from: T, key: keyof T): Partial<T> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name !== key)) as Partial<T>;
}
