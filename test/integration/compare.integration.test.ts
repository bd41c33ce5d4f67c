import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Comparison, countFindings, readFindings } from '../../db/compare/read-findings.ts';
import { storeSeen } from '../../db/compare/store-seen.ts';
import { openRun } from '../../db/runs/open-run.ts';
import { readStatus } from '../../db/status.ts';
import { fetchQueueName } from '../../jobs/fetch-queue.ts';
import { openCompare } from '../../jobs/open-compare.ts';
import { verifyGone } from '../../jobs/verify-gone.ts';
import { bookings as bookingEntity } from '../../sources/rentprog/bookings.ts';
import { queueBackends } from '../support/backends.ts';
import { type CliWorld, openCliWorld } from '../support/cli-world.ts';
import { expectBalanced, rowVersions } from '../support/invariants.ts';
import { expectEqualToTruth } from '../support/rentprog-truth.ts';
import type { Run } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const REDIS_DATABASE = 14;

describe.each(queueBackends())('compare, with the queue in $name', (backend) => {
  let world: CliWorld;
  beforeEach(async () => {
    world = await openCliWorld(backend, REDIS_DATABASE, { missingCars: 0 });
  });
  afterEach(() => world.close());

  const compare = (entity: string, ...more: string[]) => world.pm('compare', entity, ...more);
  const query = (text: string) => sql.raw(text).execute(world.system.db);
  const ownBooking = (index = 0) =>
    world.simulator.truth().bookings.filter(({ company_id: at }) => at === 101)[index]!.id;

  test('is content with what a sync has brought, and touches nothing', async () => {
    const { system, simulator } = world;
    await system.sync();
    const before = await rowVersions(system.db);
    const targets = ['bookings', 'clients', 'cars'].map((entity) => ({
      source: 'rentprog',
      account: 'tbilisi',
      entity,
    }));
    const statusBefore = await readStatus(system.db, targets);
    for (const entity of ['bookings', 'clients', 'cars']) {
      const result = await compare(entity, '--json');
      expect(result.code, result.stdout + result.stderr).toBe(0);
      const { equal, accounts, missing, different } = result.data();
      expect({ equal, missing, different }).toEqual({ equal: true, missing: [], different: [] });
      expect(accounts.map(({ account }: { account: string }) => account)).toEqual(['tbilisi', 'batumi']);
    }
    expect(await rowVersions(system.db)).toEqual(before);
    expect(await readStatus(system.db, targets)).toEqual(statusBefore);
    expectBalanced(await system.runs());
    const compared = (await system.table('sync_log', "trigger = 'compare'")) as Run[];
    expect(compared.filter(({ entity }) => entity === 'bookings').reduce((sum, run) => sum + run.unchanged, 0)).toBe(
      80,
    );
    expect(new Set(compared.map(({ status }) => status))).toEqual(new Set(['succeeded']));
    const text = await compare('bookings', '--account', 'tbilisi');
    expect(text.stdout).toContain('rentprog tbilisi bookings\n  40 listed at the source, 40 here\nEqual.\n');
    await expectEqualToTruth(system.db, simulator);
  });

  test('finds rows changed and deleted behind our back by name, and repairs them without a request', async () => {
    const { system, simulator } = world;
    await system.sync();
    const [a, b, c] = [ownBooking(0), ownBooking(1), ownBooking(2)];
    await query(`update bookings set price = price + 1, status = 'no_show' where external_id = '${a}'`);
    await query(
      `update bookings set additional_info = additional_info || '{"days": 99, "odd": 1}' where external_id = '${b}'`,
    );
    await query(`delete from bookings where external_id = '${c}'`);
    const found = await compare('bookings', '--json');
    expect(found.code).toBe(1);
    expect(found.data().different.map(({ account: _, ...rest }: { account: string }) => rest)).toEqual(
      [
        { external_id: String(a), fields: ['status', 'price'] },
        { external_id: String(b), fields: ['additional_info.days', 'additional_info.odd'] },
      ].sort((x, y) => (x.external_id < y.external_id ? -1 : 1)),
    );
    expect(found.data().missing).toMatchObject([{ external_id: String(c), reason: 'row', account: 'tbilisi' }]);
    simulator.resetRequests();
    const fixed = await compare('bookings', '--fix', '--json');
    expect(fixed.code, fixed.stdout + fixed.stderr).toBe(0);
    expect(fixed.data()).toMatchObject({
      equal: true,
      fix: [{ account: 'tbilisi', applied: 3, read_again: 0, left: 0 }, { applied: 0 }],
    });
    expect(simulator.requests.searches).toEqual([]);
    await expectEqualToTruth(system.db, simulator);
    const [audit] = await system.table('audit_log', "action = 'compare --fix'");
    expect(audit).toMatchObject({ target: 'rentprog/bookings', details: { accounts: [{ applied: 3 }, {}] } });
    expectBalanced(await system.runs());
  });

  test('finds what has changed and what is new at the source, and reads it again by its id', async () => {
    const { system, simulator } = world;
    await system.sync();
    const changed = ownBooking(0);
    simulator.mutate.updateBooking(changed, { total: 777, end_date: '01-12-2031 9:05', unheard_of: 'x' });
    const created = simulator.mutate.createBooking('batumi');
    const found = await compare('bookings');
    expect(found.code).toBe(1);
    expect(found.stdout).toMatch(
      new RegExp(`different: 1\\n    ${changed}  check_out, price, additional_info.unheard_of\\n`),
    );
    expect(found.stdout).toMatch(new RegExp(`missing here: 1\\n    ${created.id}  never landed\\n`));
    expect(found.stdout).toContain('To repair: ./pmsync compare bookings --source rentprog --fix');
    simulator.resetRequests();
    const fixed = await compare('bookings', '--fix', '--lang', 'ru');
    expect(fixed.code, fixed.stdout + fixed.stderr).toBe(0);
    expect(fixed.stdout).toContain('записано заново из полученного: 0, прочитано заново в источнике: 1');
    expect(fixed.stdout).toContain('Совпадает.');
    expect(
      simulator.requests.searches.map(({ query: asked }) => asked).filter((id) => id === String(changed)),
    ).toHaveLength(1);
    await expectEqualToTruth(system.db, simulator);
  });

  test('says of each missing record why it is missing', async () => {
    const { system, simulator } = world;
    const { queues } = system;
    const searches = simulator.branches.map(({ name }) => queues.queue(fetchQueueName('rentprog', name, 'search')));
    for (const queue of searches) await queue.pause();
    await system.sync(['clients', 'cars']);
    await system.request(['bookings']);
    const ofBookings = async () => (await system.runs()).filter(({ entity }) => entity === 'bookings');
    await waitFor(
      async () =>
        (await ofBookings()).length === 2 &&
        (await ofBookings()).every((run) => run.fetched > 0 && run.pending === 0 && run.parked > 0),
      { describe: 'only parked bookings are left' },
    );
    const broken = ownBooking(0);
    await query(
      `update source_records set state = 'quarantined', last_error = 'price: expected an amount' where entity = 'bookings' and external_id = '${broken}'`,
    );
    await query(`delete from bookings where external_id = '${broken}'`);
    const found = await compare('bookings', '--json');
    const reasons = Map.groupBy(
      found.data().missing as { reason: string; waits_for: string[]; error: string }[],
      ({ reason }) => reason,
    );
    expect([...reasons.keys()].sort()).toEqual(['parked', 'quarantined']);
    expect(reasons.get('parked')!.every(({ waits_for: waits }) => /^clients\/\d+$/.test(waits[0]!))).toBe(true);
    const text = await compare('bookings', '--limit', '1');
    expect(text.stdout).toMatch(/\d+ {2}waits for clients\/\d+\n {4}… and \d+ more/);
    expect(text.code).toBe(1);
    for (const queue of searches) await queue.resume();
    await system.settled();
  });

  test('does not take absence for deletion where the list is not all there is', async () => {
    const { system, simulator } = world;
    await system.sync();
    const gone = ownBooking(0);
    simulator.mutate.destroyBooking(gone);
    const found = await compare('bookings', '--fix', '--json');
    expect(found.code, found.stdout + found.stderr).toBe(0);
    expect(found.data()).toMatchObject({
      absence: 'unknown',
      gone_there: [{ external_id: String(gone) }],
      fix: [{ gone: { step: 'kept' } }, {}],
    });
    expect(await system.table('bookings', `external_id = '${gone}' and deleted_at is null`)).toHaveLength(1);
    const text = await compare('bookings', '--account', 'tbilisi');
    expect(text.stdout).toContain(
      "not listed there (this source's list is not all it has, so nothing follows and nothing is deleted): 1",
    );
  });

  test('holds what would delete too much, and verifies by id what it may', async () => {
    const { system, simulator } = world;
    await system.sync();
    const runId = await openCompare(
      system.context,
      { source: 'rentprog', account: 'tbilisi', entity: 'bookings' },
      null,
    );
    await system.settled();
    const run = { runId, account: 'tbilisi', timezone: 'Asia/Tbilisi', period: null };
    const comparison: Comparison = {
      source: 'rentprog',
      entity: 'bookings',
      table: 'bookings',
      runs: [run],
      periodColumn: null,
    };
    await query(`delete from compare_seen where run_id = '${runId}' and external_id in
      (select external_id from compare_seen where run_id = '${runId}' order by 1 limit 25)`);
    const counts = await countFindings(system.db, comparison, run);
    expect(counts).toMatchObject({ here: 40, listed: 15, not_listed: 25 });
    const deleting = { ...bookingEntity, absence: 'deleted' as const };
    const verify = (entity: typeof deleting, confirmDeletes: boolean) =>
      verifyGone(system.context, comparison, entity, run, counts, { confirmDeletes });
    expect(await verify(deleting, false)).toEqual({ step: 'held', percent: 62.5 });
    expect(await verifyGone(system.context, comparison, bookingEntity, run, counts, { confirmDeletes: true })).toEqual({
      step: 'kept',
    });
    simulator.resetRequests();
    expect(await verify(deleting, true)).toMatchObject({ step: 'verified', count: 25 });
    // Without a job of their own: the sweep finds pages that nobody has sent out.
    await waitFor(() => simulator.requests.searches.length === 25, {
      describe: 'each is read by id',
      timeoutMs: 30_000,
    });
    await system.settled();
  });

  test('with ids only looks for what is missing and for rows that are not what has landed', async () => {
    const { system } = world;
    await system.sync();
    const entity = { ...bookingEntity, listing: { ...bookingEntity.listing, idsOnly: true as const } };
    const { account } = system.context.vendor('rentprog', 'tbilisi');
    const target = { source: 'rentprog', account: 'tbilisi', entity: 'bookings' };
    const { runId } = await openRun(system.db, { ...target, mode: 'full', trigger: 'compare' }, { pages: ['ids'] });
    const [a, b, c] = [String(ownBooking(0)), String(ownBooking(1)), String(ownBooking(2))];
    await query(`update bookings set comment = 'by hand' where external_id = '${a}'`);
    await query(`delete from bookings where external_id = '${b}'`);
    const records = [a, b, c, c, '424242'].map((externalId) => ({ externalId }));
    await storeSeen(system.db, entity, account, { runId, token: 'ids', attempt: 1, next: [], requests: 1, records });
    const run = { runId, account: 'tbilisi', timezone: 'Asia/Tbilisi', period: null };
    const comparison: Comparison = {
      source: 'rentprog',
      entity: 'bookings',
      table: 'bookings',
      runs: [run],
      periodColumn: null,
    };
    const all = { after: '', limit: 100 };
    expect(await countFindings(system.db, comparison, run)).toMatchObject({
      listed: 4,
      missing: 2,
      different: 1,
      duplicates: 1,
      here: 39,
      not_listed: 37,
    });
    expect(await readFindings(system.db, comparison, run, 'different', all)).toMatchObject([
      { external_id: a, fields: ['comment'] },
    ]);
    expect(await readFindings(system.db, comparison, run, 'duplicates', all)).toMatchObject([
      { external_id: c, times: 2 },
    ]);
    expect((await readFindings(system.db, comparison, run, 'missing', all)).map(({ reason }) => reason).sort()).toEqual(
      ['row', 'unknown'],
    );
    const [row] = await system.table('bookings', `external_id = '${a}'`);
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Tbilisi' }).format(row.check_in);
    const ofDay = { ...comparison, periodColumn: 'check_in' };
    const there = await query(
      `select from bookings where account = 'tbilisi' and (check_in at time zone 'Asia/Tbilisi')::date = '${day}'`,
    );
    expect((await countFindings(system.db, ofDay, { ...run, period: { from: day, to: day } })).here).toBe(
      there.rows.length,
    );
  });

  test('says so when the list could not be read to its end, and opens no issue', async () => {
    const { system, simulator } = world;
    await system.sync();
    const issues = await system.table('sync_issues', 'resolved_at is null');
    simulator.faults.failPage = { branch: 'tbilisi', path: '/all_bookings', page: 2 };
    const { queues } = system;
    const comparing = compare('bookings', '--account', 'tbilisi');
    // The waits between the attempts are those of a real run; they are not what is tested.
    const read = queues.queue(fetchQueueName('rentprog', 'tbilisi', 'read'));
    const hurry = setInterval(() => {
      void read.promoteJobs().catch(() => {});
    }, 50);
    const found = await comparing.finally(() => clearInterval(hurry));
    expect(found.code).toBe(1);
    expect(found.stdout).toMatch(/was not read to its end, so what is gone there is not known: page 1\.2: /);
    expect(found.stdout).not.toContain('not listed there');
    expect(await system.table('sync_issues', 'resolved_at is null')).toEqual(issues);
  }, 60_000);

  test('refuses what it cannot do, before anything is asked', async () => {
    const { system } = world;
    const refused = async (...args: string[]) => {
      const { code, stderr } = await compare(...(args as [string, ...string[]]));
      expect(code, stderr).toBe(2);
      return stderr;
    };
    expect(await refused('bookings', '--from', '2025-01-01', '--to', '2025-02-01')).toContain(
      'cannot be asked for a period',
    );
    expect(await refused('bookings', '--confirm-deletes')).toContain('--confirm-deletes goes with --fix');
    expect(await refused('booking')).toContain('bookings');
    expect(await refused('bookings', '--limit', 'many')).toContain('--limit many');
    expect(await refused('bookings', '--account', 'nowhere')).toContain('nowhere');
    expect(await system.runs()).toEqual([]);
  });
});
