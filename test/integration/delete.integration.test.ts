import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deleteRecord } from '../../db/delete/delete-record.ts';
import { findTyped } from '../../db/delete/find-typed.ts';
import { openRun } from '../../db/runs/open-run.ts';
import { deleteRecords } from '../../jobs/delete-records.ts';
import { bookings } from '../../sources/rentprog/bookings.ts';
import { source as rentprog } from '../../sources/rentprog/index.ts';
import { queueBackends } from '../support/backends.ts';
import { type CliWorld, openCliWorld } from '../support/cli-world.ts';
import { expectBalanced } from '../support/invariants.ts';
import { booking, openLandingBench } from '../support/landing.ts';
import { waitFor } from '../support/wait-for.ts';

const REDIS_DATABASE = 13;

describe.each(queueBackends())('delete, with the queue in $name', (backend) => {
  let world: CliWorld;
  beforeEach(async () => {
    world = await openCliWorld(backend, REDIS_DATABASE);
  });
  afterEach(() => world.close());

  const remove = (entity: string, ...more: string[]) => world.pm('delete', entity, ...more);
  const query = (text: string) => sql.raw(text).execute(world.system.db);
  const bookingsOf = (companyId: number) =>
    world.simulator.truth().bookings.filter(({ company_id: at }) => at === companyId);

  /** How many traces of a booking there are in the tables. */
  async function traces(id: number | string, entity = 'bookings') {
    const { system } = world;
    const lists = await Promise.all([
      system.table(entity, `external_id = '${id}'`),
      system.table('external_refs', `entity = '${entity}' and external_id = '${id}'`),
      system.table('source_records', `entity = '${entity}' and external_id = '${id}'`),
      system.table('sync_issues', `entity = '${entity}' and external_id = '${id}' and resolved_at is null`),
    ]);
    return lists.map((list) => list.length);
  }

  test('removes several by id and by number, names what it cannot find, and writes down who did it', async () => {
    const { system } = world;
    await system.sync();
    const [a, b, c] = bookingsOf(101).map(({ id }) => id) as [number, number, number];
    await query(`update bookings set number = 'N-77' where external_id = '${b}'`);
    const result = await remove('bookings', `${a},`, 'N-77', 'nothing-like-it', '***', '--yes');
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(
      new RegExp(`^${a}  tbilisi .*deleted; the next sync that lists it brings it back`, 'm'),
    );
    expect(result.stdout).toMatch(new RegExp(`^${b}  tbilisi  number N-77 .*deleted`, 'm'));
    expect(result.stdout).toContain('nothing-like-it  unknown: no bookings record at rentprog');
    expect(result.stdout).toContain('"***"  is no id and no number');
    expect(result.stdout).toContain('2 of 4 deleted.');
    expect([await traces(a), await traces(b), await traces(c)]).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [1, 1, 1, 0],
    ]);
    const audit = await system.table('audit_log', "action = 'delete'");
    expect(audit.map(({ target }) => target)).toEqual([a, b].map((id) => `rentprog/tbilisi/bookings/${id}`));
    expect(audit[0].actor).not.toBe('');
    await system.sync(['bookings']);
    expect([await traces(a), await traces(b)]).toEqual([
      [1, 1, 1, 0],
      [1, 1, 1, 0],
    ]);
  });

  test('what comes back is applied at once, though the queue still keeps the job of its first time', async () => {
    const { system } = world;
    await system.sync();
    const records = await findTyped(
      system.db,
      bookings,
      { source: 'rentprog' },
      bookingsOf(101).map(({ id }) => String(id)),
    );
    const order = { source: 'rentprog', entity: 'bookings', keepOut: false, actor: 'tester' };
    const deleted = await deleteRecords(system.context, order, records);
    expect(deleted.filter(({ deletion }) => deletion.deleted)).toHaveLength(40);
    const runs = await system.sync(['bookings']);
    expect(runs.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(40);
    expect(system.logLines().filter((line) => line.includes('put back'))).toEqual([]);
  });

  test('asks first, and where nobody can be asked deletes nothing', async () => {
    const { system } = world;
    await system.sync();
    const { id } = bookingsOf(101)[0]!;
    const result = await remove('bookings', String(id));
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('To be deleted here: 1.');
    expect(result.stderr).toContain(String(id));
    expect(result.stderr).toContain('add --yes');
    expect(await traces(id)).toEqual([1, 1, 1, 0]);
    expect((await remove('bookings', String(id), '--lang', 'ru')).stderr).toContain('добавьте --yes');
  });

  test('deletes nothing that may be several records, and shows which', async () => {
    const { system } = world;
    await system.sync();
    const [a, b] = [bookingsOf(101)[0]!.id, bookingsOf(102)[0]!.id];
    await query(`update bookings set number = '5005' where external_id in ('${a}', '${b}')`);
    const result = await remove('bookings', '5005', '--yes', '--json');
    expect(result.code).toBe(1);
    expect(result.data()).toMatchObject({ records: [], ambiguous: [{ typed: '5005', candidates: [{}, {}] }] });
    const own = await remove('bookings', '5005', '--yes', '--json', '--account', 'batumi');
    expect(own.code).toBe(0);
    expect(own.data().records).toMatchObject([
      { external_id: String(b), by: 'number', deleted: true, comes_back: 'when listed' },
    ]);
    expect([await traces(a), await traces(b)]).toEqual([
      [1, 1, 1, 0],
      [0, 0, 0, 0],
    ]);
  });

  test('refuses a record that others refer to, and says how many', async () => {
    const { system } = world;
    await system.sync();
    const [client] = await system.table('clients', 'id in (select client_id from bookings)');
    const count = (await system.table('bookings', `client_id = '${client.id}'`)).length;
    const result = await remove('clients', client.external_id, '--yes', '--keep-out');
    expect(result.code).toBe(1);
    expect(result.stdout).toContain(`NOT deleted: ${count} bookings refer to it; delete those first`);
    expect(await traces(client.external_id, 'clients')).toEqual([1, 1, 1, 0]);
    expect(await system.table('kept_out')).toEqual([]);
  });

  test('keeps out what no sync may bring back, says so, and lets it in again', async () => {
    const { system, simulator } = world;
    await system.sync();
    const { id } = bookingsOf(101)[0]!;
    const result = await remove('bookings', String(id), '--yes', '--keep-out');
    expect(result.stdout).toContain('kept out: no sync brings it back until --let-in');
    simulator.mutate.updateBooking(id, { total: 9 });
    const runs = await system.sync(['bookings']);
    expect(await traces(id)).toEqual([0, 0, 0, 0]);
    expect(runs.map(({ status, unchanged }) => [status, unchanged])).toEqual([
      ['succeeded', 40],
      ['succeeded', 40],
    ]);
    expectBalanced(await system.runs());
    const explained = await world.pm('explain', 'bookings', String(id));
    expect(explained.stdout).toContain(`./pmsync delete bookings ${id} --source rentprog --let-in`);
    const compared = await world.pm('compare', 'bookings', '--json');
    expect(compared.code, compared.stdout).toBe(0);
    expect(compared.data().kept_out).toMatchObject([{ external_id: String(id) }]);
    const other = await remove('bookings', String(id), '424242', '--let-in');
    expect([other.code, other.stdout]).toEqual([1, expect.stringContaining(`${id}  let in again`)]);
    expect(other.stdout).toContain('424242  is not kept out');
    await system.sync(['bookings']);
    expect(await traces(id)).toEqual([1, 1, 1, 0]);
    expect((await system.table('audit_log')).map(({ action }) => action)).toEqual(['delete', 'let in']);
  });

  test('what refers to a record that is kept out is stored without it, and nobody is asked for it', async () => {
    const { system, simulator } = world;
    const client = simulator.mutate.createClient('tbilisi');
    await system.sync();
    expect((await remove('clients', String(client.id), '--yes', '--keep-out')).code).toBe(0);
    simulator.resetRequests();
    const { id } = simulator.mutate.createBooking('tbilisi', { client_id: client.id });
    const runs = await system.sync();
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['succeeded']));
    expect(await system.table('bookings', `external_id = '${id}' and client_id is null`)).toHaveLength(1);
    const [issue] = await system.table('sync_issues', `external_id = '${id}' and resolved_at is null`);
    expect(issue).toMatchObject({ kind: 'missing_parent', message: expect.stringContaining(`clients/${client.id}`) });
    expect(simulator.requests.searches.filter(({ query: asked }) => asked === String(client.id))).toEqual([]);
  });

  test('a record on its way into its table does not come back, and the ledger of its run balances', async () => {
    const { system } = world;
    await system.sync(['clients', 'cars']);
    const apply = system.queues.queue('apply');
    await apply.pause();
    await system.request(['bookings']);
    const pending = async () => system.table('source_records', "entity = 'bookings' and state = 'pending'");
    await waitFor(async () => (await pending()).length === 80, { describe: 'every booking has landed' });
    const ids = bookingsOf(101)
      .slice(0, 3)
      .map(({ id }) => String(id));
    const result = await remove('bookings', ...ids, '--yes', '--keep-out', '--json');
    expect(result.data().records).toMatchObject(ids.map(() => ({ state: 'pending', has_row: false, deleted: true })));
    await apply.resume();
    await system.settled();
    expect(await system.table('bookings')).toHaveLength(77);
    for (const id of ids) expect(await traces(id)).toEqual([0, 0, 0, 0]);
    expectBalanced(await system.runs());
    expect(
      (await system.runs()).filter(({ entity }) => entity === 'bookings').reduce((sum, run) => sum + run.stale, 0),
    ).toBe(3);
  });
});

test('a landing that has begun does not bring back what is being kept out', async () => {
  const bench = await openLandingBench();
  try {
    const run = {
      source: 'rentprog',
      account: 'tbilisi',
      entity: 'bookings',
      mode: 'full',
      trigger: 'manual',
    } as const;
    const { runId } = await openRun(bench.db, run, { pages: [] });
    const order = {
      entities: rentprog.entities,
      table: 'bookings',
      account: 'tbilisi',
      keepOut: true,
      actor: 'tester',
    };
    const ids = Array.from({ length: 20 }, (_, i) => 700 + i);
    await bench.land(
      'bookings',
      ids.map((id) => booking(id)),
      { runId },
    );
    await bench.applyAll('bookings', ids);
    await Promise.all(
      ids.map(async (id) => {
        const key = { source: 'rentprog', scope: '*', entity: 'bookings', externalId: String(id) };
        const landing = bench.land('bookings', [booking(id, null, { total: id })], { runId });
        const [deletion] = await Promise.all([deleteRecord(bench.db, key, order), landing]);
        expect(deletion).toMatchObject({ deleted: true, comes_back: 'kept out' });
      }),
    );
    await bench.applyAll('bookings', ids);
    for (const table of ['bookings', 'source_records', 'external_refs'])
      expect((await sql`select external_id from ${sql.table(table)}`.execute(bench.db)).rows, table).toEqual([]);
    const { rows } = await sql<{ pending: number; balanced: boolean }>`
      select pending, fetched = inserted + updated + unchanged + stale + parked + quarantined + pending as balanced
      from sync_log`.execute(bench.db);
    expect(rows).toEqual([{ pending: 0, balanced: true }]);
  } finally {
    await bench.close();
  }
});
