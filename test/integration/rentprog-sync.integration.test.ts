import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import type { Faults, Fields, Json, RentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { type RentprogSimulatorOptions, startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { expectBalanced, expectNobodyForgotten, rowVersions } from '../support/invariants.ts';
import { expectEqualToTruth } from '../support/rentprog-truth.ts';
import { type Run, type System, type SystemOptions, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const SEED = 6;

/** Everything that passes: the vendor is slow, busy, down, or shows a list that moves. */
const TRANSIENT: Partial<Faults> = {
  rateLimitSeconds: 0.02,
  rateLimitDate: 0.02,
  serverErrorHtml: 0.08,
  truncatedJson: 0.08,
  htmlOk: 0.08,
  slow: { ms: 200, rate: 0.1 },
  reset: 0.1,
  expiredToken: 0.05,
  pageShift: 0.1,
  duplicateRows: 0.1,
  changingPageSize: 0.04,
};
const NONE = Object.fromEntries(Object.keys(TRANSIENT).map((name) => [name, 0])) as Partial<Faults>;

describe.each(queueBackends())('a sync of RentProg with the queue on $name', (backend) => {
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

  test('mirrors every record, field by field, and accounts for each', async () => {
    const { simulator, system } = await start({ bookings: 600 });
    const runs = await system.sync();
    expect(new Set(runs.map((run) => run.status))).toEqual(new Set(['succeeded']));
    await expectEqualToTruth(system.db, simulator);
    expectBalanced(await system.runs());
    await expectNobodyForgotten(system.db);
    expect(runs.filter((run) => run.entity === 'bookings').reduce((sum, run) => sum + run.inserted, 0)).toBe(600);
  });

  test('mirrors every record also by pages, when a run is too large for a job a record', async () => {
    const { simulator, system } = await start({ bookings: 600 }, { fanOut: { perRecordLimit: 40 } });
    await system.sync(['cars', 'clients']);
    await system.sync(['bookings']);
    const jobs = system.logLines().filter((line) => /"job":"upsert-record".*"entity":"bookings"/.test(line));
    expect(jobs.length).toBeGreaterThan(0);
    // Of four branches; the pages that are under way together, eight of ten rows, do not know of each other yet.
    expect(jobs.length).toBeLessThanOrEqual(4 * (40 + 8 * 10));
    await expectEqualToTruth(system.db, simulator);
    expectBalanced(await system.runs());
    await expectNobodyForgotten(system.db);
  });

  test('keeps a page that cannot be applied where it lands, and applies its records one by one later', async () => {
    const { simulator, system } = await start({ bookings: 200 }, { fanOut: { perRecordLimit: 0 } });
    await system.sync(['cars', 'clients']);
    expect(system.logLines().filter((line) => line.includes('"job":"upsert-record"'))).toEqual([]);
    await sql`alter table bookings rename column comment to taken_away`.execute(system.db);
    await system.request(['bookings']);
    await waitFor(() => system.logLines().some((line) => line.includes('could not be applied at once')), {
      describe: 'a page meets the missing column',
    });
    await sql`alter table bookings rename column taken_away to comment`.execute(system.db);
    await system.settled();
    await expectEqualToTruth(system.db, simulator);
    expectBalanced(await system.runs());
  });

  test('a sync in which nothing has changed writes no row and adds no job', async () => {
    const { simulator, system } = await start({ bookings: 300 });
    await system.sync();
    const before = await rowVersions(system.db);
    const { 'upsert-record': jobsBefore } = system.jobsRun();
    const runs = await system.sync();
    expect(await rowVersions(system.db)).toEqual(before);
    expect(system.jobsRun()['upsert-record']).toBe(jobsBefore);
    expect(runs.filter((run) => run.fetched !== run.unchanged)).toEqual([]);
    await expectEqualToTruth(system.db, simulator);
  });

  test('loses nothing to any passing fault of the vendor, and never says green too early', async () => {
    const { simulator, system } = await start({ bookings: 240, clientsPageSize: 10, faults: TRANSIENT });
    const known = new Set(simulator.truth().bookings.map((booking) => booking.id));
    let greens = greenAccounts(await system.sync(), system);
    // A list whose page size changes during each of three readings is not trusted: that run is not green, the next one is.
    for (let again = 0; greens.size < system.accounts.length && again < 3; again += 1) {
      expect(await lostIn(system, simulator, greens, known), `seed ${SEED}`).toEqual([]);
      greens = new Set([...greens, ...greenAccounts(await system.sync(), system)]);
    }
    expect([...greens].sort(), `seed ${SEED}`).toEqual(system.accounts.map((account) => account.name).sort());
    expect(await lostIn(system, simulator, greens, known), `seed ${SEED}`).toEqual([]);

    Object.assign(simulator.faults, NONE, { slow: { ms: 0, rate: 0 } });
    await system.sync();
    await expectEqualToTruth(system.db, simulator);
    expectBalanced(await system.runs());
    await expectNobodyForgotten(system.db);

    const before = await rowVersions(system.db);
    const { 'upsert-record': jobsBefore } = system.jobsRun();
    await system.sync();
    expect(await rowVersions(system.db)).toEqual(before);
    expect(system.jobsRun()['upsert-record']).toBe(jobsBefore);
  });

  test('reads values of other types and keeps fields nobody has seen before', async () => {
    const { simulator, system } = await start({ bookings: 200, faults: { wrongTypes: 0.3, unknownFields: 0.3 } });
    const runs = await system.sync();
    expect(new Set(runs.map((run) => run.status))).toEqual(new Set(['succeeded']));
    await expectEqualToTruth(system.db, simulator, { additionalInfo: asSpoken });
    const kept = await system.table('bookings', "additional_info ? 'new_vendor_field'");
    expect(kept.length).toBeGreaterThan(20);
    expect(kept[0].additional_info).toMatchObject({ loyalty: { tier: 'gold', points: [1, 2, 3] }, __flags: [] });
  });
});

/** Accounts of which every run was green. */
function greenAccounts(runs: readonly Run[], { accounts }: System): Set<string> {
  const red = new Set(runs.filter((run) => run.status !== 'succeeded').map((run) => run.account));
  return new Set(accounts.map((account) => account.name).filter((name) => !red.has(name)));
}

/** Bookings of green accounts, there since before the sync, that have no row. */
async function lostIn(system: System, simulator: RentprogSimulator, greens: Set<string>, known: Set<number>) {
  const rows = new Set((await system.table('bookings')).map((row) => row.external_id));
  const greenCompanies = new Set(
    simulator.branches.filter(({ name }) => greens.has(name)).map(({ companyId }) => companyId),
  );
  return simulator
    .truth()
    .bookings.filter(({ id, company_id }) => known.has(id) && greenCompanies.has(company_id) && !rows.has(String(id)))
    .map(({ id }) => id);
}

const UNKNOWN = new Set(['new_vendor_field', 'loyalty', 'field with blanks', '__flags']);

/** Fields as a person would read them aloud: 1, "1" and true are the same, and so are nothing and "". */
function asSpoken(fields: Fields): unknown {
  const spoken = (value: Json): unknown => {
    if (value === null || value === '') return null;
    if (value === true || value === 'true') return '1';
    if (value === false || value === 'false') return '0';
    return typeof value === 'number' ? String(value) : value;
  };
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([field]) => !UNKNOWN.has(field))
      .map(([field, value]) => [field, spoken(value)]),
  );
}
