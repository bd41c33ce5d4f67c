import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { type RentprogSimulatorOptions, startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced } from '../support/invariants.ts';
import { expectEqualToTruth } from '../support/rentprog-truth.ts';
import { type Run, type SystemOptions, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const SEED = 5;
const NONE = { missingClients: 0, goneClients: 0, missingCars: 0, nestedClients: 'none' } as const;

describe.each(queueBackends())('a run with the queue on $name', (backend) => {
  const opened: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0).reverse()) await each.stop();
  });

  async function start(world: RentprogSimulatorOptions, options: Partial<SystemOptions> = {}) {
    const simulator = await startRentprogSimulator({ seed: SEED, limits: null, ...world });
    opened.push({ stop: () => simulator.close() });
    const system = await startSystem({ backend, simulator, ...options });
    opened.push(system);
    return { simulator, system };
  }

  test('with a page that cannot be fetched is partial, the others are not, and the next one heals it', async () => {
    const { simulator, system } = await start({ bookings: 200, ...NONE });
    simulator.faults.failPage = { branch: 'batumi', path: '/all_bookings', page: 3 };
    const runs = await system.sync();
    const red = runs.filter((run) => run.status !== 'succeeded');
    expect(red).toMatchObject([
      { account: 'batumi', entity: 'bookings', status: 'partial', pages_failed: 1, fetched: 40 },
    ]);
    expect(red[0]?.error).toContain('page 1.3');
    expect(await system.table('bookings', "account = 'batumi'")).toHaveLength(40);
    const issue = { kind: 'unavailable', account: 'batumi', entity: 'bookings', external_id: null };
    expect(await system.table('sync_issues', 'resolved_at is null')).toMatchObject([issue]);

    simulator.faults.failPage = null;
    const healed = await system.sync(['bookings']);
    expect(statuses(healed)).toEqual(['succeeded']);
    expect(await system.table('sync_issues')).toMatchObject([{ ...issue, resolution: 'listed again' }]);
    await expectEqualToTruth(system.db, simulator);
    expectBalanced(await system.runs());
  });

  test('with refused credentials fails at once, with an issue and without a storm of requests', async () => {
    // Without clients and cars: a branch that cannot be asked leaves the others' look-ups open, too.
    const { simulator, system } = await start({
      bookings: 100,
      clients: 0,
      cars: 0,
      branches: ['tbilisi', 'batumi'],
      companyTokens: { batumi: 'changed-by-the-vendor' },
      ...NONE,
    });
    system.accounts.find((account) => account.name === 'batumi')!.credentials.companyToken = 'the-old-token';
    const runs = await system.sync();
    expect(statuses(runs.filter((run) => run.account === 'tbilisi'))).toEqual(['succeeded']);
    expect(statuses(runs.filter((run) => run.account === 'batumi'))).toEqual(['failed']);
    const issues = await system.table('sync_issues', 'resolved_at is null');
    expect(issues.map((issue) => `${issue.kind} ${issue.entity}`).toSorted()).toEqual([
      'unauthorized bookings',
      'unauthorized cars',
      'unauthorized clients',
    ]);
    // Four pages each of clients and bookings and one of cars were in flight; none is asked for twice.
    expect(simulator.requests.byBranch.unknown).toBeLessThanOrEqual(9);
    expect(JSON.stringify([issues, runs, system.logLines()])).not.toMatch(/the-old-token|changed-by-the-vendor/);
  });

  test('of which every page fails is failed, and nothing of the others is touched', async () => {
    const { simulator, system } = await start({ bookings: 60, branches: ['tbilisi'], ...NONE });
    simulator.faults.truncatedJson = 1;
    const runs = await system.sync(['cars']);
    expect(runs).toMatchObject([{ status: 'failed', fetched: 0, pages_failed: 1 }]);
    simulator.faults.truncatedJson = 0;
    expect(statuses(await system.sync())).toEqual(['succeeded']);
    await expectEqualToTruth(system.db, simulator);
  });

  test('is the only one of its account and entity, however many are asked for', async () => {
    const { simulator, system } = await start({ bookings: 200, latencyMs: [20, 40], ...NONE });
    await Promise.all([1, 2, 3, 4, 5].map(() => system.request(['clients'])));
    await waitFor(async () => (await system.runs()).length >= 4, { describe: 'a run of each account is open' });
    await system.settled();
    expect(await system.runs()).toHaveLength(4);
    // Four lanes an account, of pages with records and one without.
    expect(simulator.requests.byPath['/all_clients']).toBeLessThanOrEqual(4 * 8);
    await expect(
      sql`insert into sync_log (source, account, entity, mode, trigger) select 'rentprog', 'tbilisi', 'clients', 'full', 'manual'
        from generate_series(1, 2)`.execute(system.db),
    ).rejects.toMatchObject({ code: '23505' });
  });

  test('reads the list again when the page size changes or rows move, and loses nothing', async () => {
    const { simulator, system } = await start({
      bookings: 500,
      clients: 4,
      cars: 4,
      ...NONE,
      faults: { changingPageSize: 0.08, pageShift: 0.1, pageShiftLimit: 12 },
    });
    const known = simulator.truth().bookings.map((booking) => String(booking.id));
    const runs = await system.sync();
    const pages = await system.table('sync_pages');
    expect(pages.some((page) => page.page.startsWith('2.'))).toBe(true);
    const passes = Map.groupBy(pages, (page) => page.run_id);
    for (const run of runs.filter((each) => each.entity === 'bookings' && each.status === 'succeeded')) {
      const listed = new Set(passes.get(run.id)?.flatMap((page) => page.ids));
      const branch = simulator.branches.find((each) => each.name === run.account)!;
      const wanted = simulator.truth().bookings.filter((booking) => booking.company_id === branch.companyId);
      const lost = wanted.filter(({ id }) => known.includes(String(id)) && !listed.has(String(id)));
      expect(lost, `${run.account}, seed ${SEED}`).toEqual([]);
    }
    expect(statuses(runs.filter((run) => run.entity !== 'bookings'))).toEqual(['succeeded']);
    expectBalanced(runs);
  });

  test('sets broken records aside, is partial, and turns green when they are mended', async () => {
    const { simulator, system } = await start({ bookings: 120, ...NONE, faults: { brokenRecords: 5 } });
    const broken = simulator.truth().brokenBookingIds;
    const runs = await system.sync();
    const red = runs.filter((run) => run.status !== 'succeeded');
    expect(statuses(red)).toEqual(['partial']);
    expect(red.reduce((sum, run) => sum + run.quarantined, 0)).toBe(5);
    const issues = await system.table('sync_issues', 'resolved_at is null');
    expect(issues.map((issue) => Number(issue.external_id)).toSorted()).toEqual(broken.toSorted());
    await expectEqualToTruth(system.db, simulator, { bookings: (booking) => !broken.includes(booking.id) });

    simulator.repairBrokenRecords();
    const mended = await system.sync(['bookings']);
    expect(statuses(mended)).toEqual(['succeeded']);
    expect(mended.reduce((sum, run) => sum + run.inserted, 0)).toBe(5);
    expect(await system.table('sync_issues', 'resolved_at is null')).toEqual([]);
    await expectEqualToTruth(system.db, simulator);
    expectBalanced(await system.runs());
  });
});

function statuses(runs: readonly Run[]): string[] {
  return [...new Set(runs.map((run) => run.status))];
}
