import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { type RentprogSimulatorOptions, startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced, expectNobodyForgotten } from '../support/invariants.ts';
import { expectEqualToTruth } from '../support/rentprog-truth.ts';
import { type System, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const SEED = 3;
const LOCK = 4711;

function clientJobs(system: System): { externalId: string }[] {
  return system
    .logLines()
    .filter((line) => line.includes('"job":"upsert-record"'))
    .map((line) => JSON.parse(line))
    .filter(({ entity }) => entity === 'clients');
}

describe.each(queueBackends())('missing parents with the queue on $name', (backend) => {
  const opened: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.stop();
  });

  async function start(world: RentprogSimulatorOptions) {
    const simulator = await startRentprogSimulator({ seed: SEED, limits: null, ...world });
    opened.push({ stop: () => simulator.close() });
    const system = await startSystem({ backend, simulator });
    opened.push(system);
    return { simulator, system };
  }
  const none = { missingClients: 0, goneClients: 0, missingCars: 0 };

  test('37 missing clients of 1,000 bookings are looked for once each, and none of the bookings is lost', async () => {
    const { simulator, system } = await start({ bookings: 1000, missingClients: 32, goneClients: 5, missingCars: 0 });
    await system.sync();
    expect(await system.table('bookings')).toHaveLength(1000);
    await expectEqualToTruth(system.db, simulator);
    expectBalanced(await system.runs());
    await expectNobodyForgotten(system.db);

    const { searches } = simulator.requests;
    expect(new Set(searches.map((search) => `${search.path} ${search.query}`)).size).toBe(37);
    const questions = searches.map(({ branch, query, page }) => `${branch} ${query} page ${page}`);
    expect(questions.toSorted()).toEqual([...new Set(questions)].toSorted());
    const chains = await system.table('source_records', "entity = 'clients' and trail is not null");
    expect(chains).toHaveLength(37);
    expect(Math.max(...chains.map((chain) => chain.attempts))).toBeLessThanOrEqual(1);
    const found = chains.filter((chain) => chain.state === 'applied');
    expect(found).toHaveLength(32);
    expect(found.map((chain) => chain.due_at)).toEqual(Array(32).fill(null));
    const withJob = new Set(clientJobs(system).map(({ externalId }) => externalId));
    expect(
      found.filter((chain) => withJob.has(chain.external_id)),
      'applied where it lands',
    ).toEqual([]);

    const { goneClientIds } = simulator.truth();
    const issues = await system.table('sync_issues', 'resolved_at is null');
    expect(issues.map((issue) => issue.kind)).toEqual(Array(5).fill('missing_parent'));
    expect(issues.map((issue) => issue.details.parents[0].external_id).toSorted()).toEqual(
      goneClientIds.map(String).toSorted(),
    );
    for (const { details } of issues) {
      const trail: { account: string; answer: string }[] = details.parents[0].trail;
      expect(trail.map((step) => step.account).toSorted()).toEqual(system.accounts.map((a) => a.name).toSorted());
      expect(new Set(trail.map((step) => step.answer))).toEqual(new Set(['absent']));
    }
    expect(new Set((await system.runs()).map((run) => run.status))).toEqual(new Set(['succeeded']));
  });

  test('a found client that cannot be applied where it lands gets a job of its own', async () => {
    const { simulator, system } = await start({ bookings: 60, missingClients: 3, goneClients: 0, missingCars: 0 });
    await system.sync(['cars', 'clients']);
    const before = clientJobs(system).length;
    await sql`alter table clients rename column phone to taken_away`.execute(system.db);
    await system.request(['bookings']);
    await waitFor(() => clientJobs(system).length > before, { describe: 'a job for a found client' });
    await sql`alter table clients rename column taken_away to phone`.execute(system.db);
    await system.settled();
    await expectEqualToTruth(system.db, simulator);
    expectBalanced(await system.runs());
    await expectNobodyForgotten(system.db);
  });

  test('a client that was gone and turns up heals its booking and closes the issue by itself', async () => {
    const { simulator, system } = await start({ bookings: 60, missingClients: 2, goneClients: 2, missingCars: 1 });
    await system.sync();
    const [gone = 0, stillGone = 0] = simulator.truth().goneClientIds;
    expect(await openIssues(system)).toEqual([String(gone), String(stillGone)].toSorted());

    simulator.mutate.revealClient(gone, 'kutaisi');
    simulator.resetRequests();
    await system.sync();
    await expectEqualToTruth(system.db, simulator);
    expect(await openIssues(system)).toEqual([String(stillGone)]);
    const [closed] = await system.table('sync_issues', 'resolved_at is not null');
    expect(closed).toMatchObject({ kind: 'missing_parent', entity: 'bookings', resolution: 'applied' });
    expect(simulator.requests.searches, 'what is known to be gone is not asked for again').toEqual([]);
  });

  test('the issue of a booking without its client follows it to another branch, and is closed at the old one', async () => {
    const { simulator, system } = await start({ bookings: 60, missingClients: 0, goneClients: 1, missingCars: 0 });
    await system.sync();
    const [before] = await system.table('sync_issues', 'resolved_at is null');
    const to = before.account === 'batumi' ? 'tbilisi' : 'batumi';
    simulator.mutate.moveBooking(Number(before.external_id), to);
    await system.sync(['bookings']);
    await expectEqualToTruth(system.db, simulator);
    const issues = await system.table('sync_issues', `external_id = '${before.external_id}'`);
    expect(issues).toHaveLength(2);
    expect(issues).toContainEqual(
      expect.objectContaining({ account: before.account, kind: 'missing_parent', resolution: `now of ${to}` }),
    );
    expect(issues).toContainEqual(
      expect.objectContaining({ account: to, kind: 'missing_parent', resolved_at: null, resolution: null }),
    );

    simulator.mutate.revealClient(simulator.truth().goneClientIds[0] ?? 0, 'kutaisi');
    await system.sync();
    expect(await openIssues(system)).toEqual([]);
  });

  test('a missing car is read by its id once, and a car that is nowhere is an issue until the booking has another', async () => {
    const { simulator, system } = await start({ bookings: 60, missingClients: 0, goneClients: 0, missingCars: 3 });
    const { id } = simulator.mutate.createBooking('batumi', { car_id: 123_456 });
    await system.sync();
    await expectEqualToTruth(system.db, simulator);
    expect(simulator.requests.byPath['/car_data']).toBe(3 + system.accounts.length);
    expect(await openIssues(system)).toEqual(['123456']);

    simulator.mutate.updateBooking(id, { car_id: simulator.truth().missingCarIds[0] ?? null });
    await system.sync(['bookings']);
    await expectEqualToTruth(system.db, simulator);
    expect(await openIssues(system)).toEqual([]);
  });

  test('records landed in any order come to the same end', async () => {
    const orders = [
      ['clients', 'cars', 'bookings'],
      ['bookings', 'clients', 'cars'],
      ['cars', 'bookings', 'clients'],
    ];
    const ends = await Promise.all(
      orders.map(async (order) => {
        const { simulator, system } = await start({ bookings: 40, missingClients: 4, goneClients: 2, missingCars: 2 });
        for (const entity of order) await system.sync([entity]);
        await expectEqualToTruth(system.db, simulator, { ignore: ['account'] });
        await expectNobodyForgotten(system.db);
        expectBalanced(await system.runs());
        expect(await openIssues(system)).toHaveLength(2);
        return Promise.all(['clients', 'cars', 'bookings'].map((table) => system.table(table)));
      }),
    );
    const plain = ends.map((tables) => tables.map((rows) => rows.map(({ synced_at: _, account: __, ...row }) => row)));
    expect(plain[1]).toEqual(plain[0]);
    expect(plain[2]).toEqual(plain[0]);
  });

  test('an id that a booking, a client and a car share is never taken for the wrong one', async () => {
    const { simulator, system } = await start({ bookings: 120 });
    await system.sync();
    const same = await system.table('bookings b join clients c on c.external_id = b.external_id', 'true');
    expect(same.length).toBeGreaterThan(0);
    const truth = simulator.truth();
    const client = truth.clients.find((each) => each.id === 900_101);
    const bookings = truth.bookings.filter((each) => each.client_id === 900_101);
    expect(client).toBeDefined();
    expect(bookings.length).toBeGreaterThan(0);
    const rows = await sql<{ name: string; booking: string; client: string; car: string }>`
      select c.last_name as name, b.id as booking, c.id as client, k.id as car from bookings b
      join clients c on c.id = b.client_id join bookings same on same.external_id = c.external_id
      join cars k on k.external_id = c.external_id where c.external_id = '900101'`.execute(system.db);
    expect(rows.rows).toHaveLength(bookings.length);
    for (const row of rows.rows) expect(new Set([row.booking, row.client, row.car]).size).toBe(3);
    await expectEqualToTruth(system.db, simulator);
  });

  test('a client inside a booking heals it without a look-up and never overwrites a fuller one', async () => {
    const { simulator, system } = await start({ bookings: 60, nestedClients: 'all', ...none });
    await system.sync(['bookings']);
    expect(simulator.requests.searches).toEqual([]);
    expect(await system.table('bookings', 'client_id is null and client_external_id is not null')).toEqual([]);
    const [partial] = await system.table('clients');
    expect(partial).toMatchObject({ document_number: null });

    await system.sync(['clients', 'cars']);
    await expectEqualToTruth(system.db, simulator);
    const full = await system.table('clients');
    const [booking] = simulator.truth().bookings.filter((each) => each.client_id !== null);
    simulator.mutate.updateBooking(booking!.id, { total: 1234.5 });
    await system.sync(['bookings']);
    expect(await system.table('clients')).toEqual(full);
    await expectEqualToTruth(system.db, simulator);
  });

  test('a client row deleted behind our back comes back from the landing, without a request', async () => {
    const { simulator, system } = await start({ bookings: 60, nestedClients: 'none', ...none });
    await system.sync();
    const [lonely] = await system.table('clients c', 'not exists (select 1 from bookings b where b.client_id = c.id)');
    await sql`delete from clients where id = ${lonely.id}`.execute(system.db);
    simulator.mutate.createBooking('tbilisi', { client_id: Number(lonely.external_id) });
    simulator.resetRequests();
    await system.sync(['bookings']);
    await expectEqualToTruth(system.db, simulator);
    expect(simulator.requests.searches).toEqual([]);
    expectBalanced(await system.runs());
  });

  test('a client deleted between the look and the write parks its booking alone, and both heal', async () => {
    const { simulator, system } = await start({ bookings: 60, nestedClients: 'none', ...none });
    const client = simulator.mutate.createClient('tbilisi');
    await system.sync();
    const mates = [1, 2, 3, 4, 5].map(() => simulator.mutate.createBooking('tbilisi').id);
    const victim = simulator.mutate.createBooking('tbilisi', { client_id: client.id });
    simulator.resetRequests();
    await betweenLookAndWrite(system, String(victim.id), async () => {
      await sql`delete from clients where external_id = ${String(client.id)}`.execute(system.db);
    });
    await system.settled();

    const applied = system
      .logLines()
      .map((line) => JSON.parse(line) as { job?: string; entity?: string; externalId?: string; outcome?: string })
      .filter((line) => line.job === 'upsert-record' && line.entity === 'bookings');
    const outcomesOf = (id: number) => applied.filter((line) => line.externalId === String(id)).map((x) => x.outcome);
    expect(outcomesOf(victim.id)).toEqual(['parked', 'inserted']);
    for (const mate of mates) expect(outcomesOf(mate)).toEqual(['inserted']);
    expect(simulator.requests.searches, 'the landed client is applied again').toEqual([]);
    await expectEqualToTruth(system.db, simulator);
    expectBalanced(await system.runs());
    await expectNobodyForgotten(system.db);
  });
});

async function openIssues({ table }: System): Promise<string[]> {
  const issues = await table('sync_issues', 'resolved_at is null');
  return issues.map((issue) => issue.details.parents[0].external_id).toSorted();
}

/** Syncs bookings, and does something while the write of one of them is under way and its parents have been looked at. */
async function betweenLookAndWrite(system: System, externalId: string, work: () => Promise<void>): Promise<void> {
  await sql
    .raw(`create function hold_write() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock_shared(${LOCK}); return new; end $$`)
    .execute(system.db);
  await sql
    .raw(`create trigger hold_write before insert on bookings for each row
      when (new.external_id = '${externalId}') execute function hold_write()`)
    .execute(system.db);
  const holder = new pg.Client({ connectionString: system.databaseUrl });
  await holder.connect();
  try {
    await holder.query(`select pg_advisory_lock(${LOCK})`);
    await system.request(['bookings']);
    const isHeld = `select 1 from pg_locks where locktype = 'advisory' and objid = ${LOCK} and not granted
      and database = (select oid from pg_database where datname = current_database())`;
    await waitFor(async () => (await holder.query(isHeld)).rowCount, { describe: 'the write of the booking is held' });
    await work();
  } finally {
    await holder.end();
  }
}
