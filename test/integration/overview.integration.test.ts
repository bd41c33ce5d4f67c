import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sumUpRowChanges } from '../../db/overview/row-counts.ts';
import { deleteRecords } from '../../jobs/delete-records.ts';
import { flushLogger } from '../../log/create-logger.ts';
import { readCharts } from '../../operations/charts.ts';
import { findRecord } from '../../operations/find-record.ts';
import { readOverview } from '../../operations/overview.ts';
import { readRun, readRuns } from '../../operations/runs.ts';
import { type RentprogSimulator, startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { type Run, type System, startSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

describe.each(queueBackends())('what the console reads, with the queue on $name', (backend) => {
  let simulator: RentprogSimulator;
  let system: System;

  beforeAll(async () => {
    simulator = await startRentprogSimulator({
      branches: ['tbilisi', 'batumi'],
      bookings: 60,
      cars: 10,
      missingClients: 3,
      goneClients: 1,
      missingCars: 0,
      limits: null,
      pageSize: 10,
      faults: { brokenRecords: 1 },
    });
    system = await startSystem({ backend, simulator });
    await system.sync();
  });
  afterAll(async () => {
    await system.stop();
    await simulator.close();
  });

  const entitiesOf = async () =>
    (await readOverview(system.context)).sources.flatMap(({ accounts }) =>
      accounts.flatMap(({ entities }) => entities),
    );

  async function counted(): Promise<Record<string, number>> {
    const { rows } = await sql<{ name: string; rows: number }>`
      select account || ' ' || entity as name, count(*)::int as rows from external_refs group by 1`.execute(system.db);
    return Object.fromEntries(rows.map(({ name, rows: n }) => [name, n]));
  }
  const shown = async () =>
    Object.fromEntries((await entitiesOf()).map(({ account, entity, rows }) => [`${account} ${entity}`, rows]));

  test('the numbers of rows are those of the tables, whatever comes, moves and goes', async () => {
    expect(await shown()).toEqual(await counted());
    const [moving, leaving] = simulator.truth().bookings.filter(({ company_id: at }) => at === 101);
    const before = await counted();
    simulator.mutate.moveBooking(moving!.id, 'batumi');
    simulator.mutate.createBooking('tbilisi');
    await system.sync(['bookings']);
    const leaver = {
      typed: '',
      by: 'id',
      scope: '*',
      account: 'tbilisi',
      number: null,
      state: null,
      has_row: true,
    } as const;
    const order = { source: 'rentprog', entity: 'bookings', keepOut: true, actor: 'nino' };
    await deleteRecords(system.context, order, [{ ...leaver, external_id: String(leaving?.id) }]);
    const after = await counted();
    expect(after['batumi bookings']).toBe(before['batumi bookings']! + 1);
    expect(await shown()).toEqual(after);
    await sumUpRowChanges(system.db);
    await Promise.all([sumUpRowChanges(system.db), sumUpRowChanges(system.db)]);
    expect(await shown()).toEqual(after);
    expect(await system.table('row_changes', 'change <> 0').then((rows) => rows.length)).toBe(0);
  });

  test('every entity has its light and the reasons for it, and an account the worst of them', async () => {
    const overview = await readOverview(system.context);
    const [source] = overview.sources;
    expect(source).toMatchObject({ source: 'rentprog', title: 'RentProg' });
    const all = await entitiesOf();
    const amber = all.filter(({ verdict }) => verdict.reasons.some(({ code }) => code === 'quarantined'));
    expect(amber).toHaveLength(1);
    const account = source?.accounts.find((one) => one.account === amber[0]?.account);
    expect([account?.light, source?.light, overview.light]).toEqual(['amber', 'amber', 'amber']);
    expect(all.every(({ last_run: run }) => run?.finished_at instanceof Date)).toBe(true);
  });

  test('the requests used of a budget are those that the vendor has got', async () => {
    await waitFor(
      async () => {
        const { sources } = await readOverview(system.context);
        const budgets = sources.flatMap(({ accounts }) => accounts.flatMap(({ budgets: of }) => of));
        return budgets.reduce((sum, budget) => sum + budget.last_5_minutes, 0) === simulator.requests.total;
      },
      { describe: 'every request is counted', timeoutMs: 15_000, intervalMs: 200 },
    );
    const { sources } = await readOverview(system.context);
    const [tbilisi] = sources[0]!.accounts;
    const search = tbilisi?.budgets.find(({ rate_class: name }) => name === 'search');
    const searches = simulator.requests.searches.filter(({ branch }) => branch === 'tbilisi').length;
    expect(search).toMatchObject({ allowed_per_minute: 12_000, last_minute: searches });
    expect(searches).toBeGreaterThan(0);
    expect(tbilisi?.budgets.find(({ rate_class: name }) => name === 'auth')?.last_minute).toBe(1);
  });

  test('queues are told of with what waits in them, and how many work', async () => {
    const { queues, workers, sources } = await readOverview(system.context);
    expect(queues?.map(({ queue }) => queue)).toEqual(['sync', 'apply']);
    expect(workers).toBe(1);
    expect(sources[0]?.accounts[1]?.queues?.map(({ queue }) => queue)).toEqual([
      'fetch.rentprog.batumi.read',
      'fetch.rentprog.batumi.search',
    ]);
  });

  test('runs are listed newest first, in parts, by what is asked for', async () => {
    const all = (await system.runs()) as (Run & { trigger: string })[];
    const { rows } = await readRuns(system.context, {}, { limit: 500 });
    expect(rows.map(({ id }) => id).toSorted()).toEqual(all.map(({ id }) => id).toSorted());
    expect(rows.map(({ started_at: at }) => Number(at))).toEqual(
      rows.map(({ started_at: at }) => Number(at)).toSorted((a, b) => b - a),
    );
    const parts: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const part = await readRuns(system.context, {}, { cursor, limit: 2 });
      parts.push(...part.rows.map(({ id }) => id));
      if (part.next === null) break;
      cursor = part.next;
    }
    expect(parts).toEqual(rows.map(({ id }) => id));
    const unwell = await readRuns(system.context, { status: 'unwell', entity: 'bookings' });
    expect(unwell.rows.length).toBe(all.filter(({ status }) => status === 'partial').length);
    expect((await readRuns(system.context, { account: 'batumi', trigger: 'webhook' })).rows).toEqual([]);
    expect((await readRuns(system.context, { to: all[0]!.started_at })).rows).toEqual([]);
    expect((await readRuns(system.context, {}, { cursor: 'nonsense', limit: 500 })).rows).toEqual(rows);
  });

  test('a run is told of with its ledger, its pages, the time its budget needs, its issues and its log', async () => {
    flushLogger(system.context.log);
    const partial = ((await system.runs()) as Run[]).find(({ status }) => status === 'partial')!;
    const details = await readRun(system.context, partial.id);
    expect(details?.ledger).toMatchObject({ fetched: partial.fetched, balanced: true });
    expect(details?.ledger.outcomes.find(({ outcome }) => outcome === 'quarantined')?.records).toBe(1);
    expect(details?.pages.counts.find(({ kind }) => kind === 'list')).toMatchObject({
      state: 'done',
      pages: partial.pages_done,
    });
    expect(details?.issues.some(({ kind }) => kind === 'invalid_record')).toBe(true);
    const floor = details!.floor!;
    expect(floor.requests).toBe(partial.requests);
    expect(floor.needed_s).toBeCloseTo((partial.pages_done / 12_000) * 60, 5);
    expect(floor.took_s).toBeGreaterThan(0);
    const jobs = new Set(details?.log?.lines.map(({ job }) => job));
    expect(jobs).toContain('fetch-page');
    expect(details?.log?.lines.every((line) => JSON.stringify(line).includes(partial.id))).toBe(true);
    expect(await readRun(system.context, '00000000-0000-4000-8000-000000000000')).toBeUndefined();
    expect(await readRun(system.context, "x'")).toBeUndefined();
  });

  test('charts have a point for each part of their time, and add up', async () => {
    const charts = await readCharts(system.context, 'hour');
    expect([charts.records.length, charts.durations.length, charts.issues.length]).toEqual([61, 61, 61]);
    const runs = await system.runs();
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(charts.records.map(({ fetched }) => fetched))).toBe(sum(runs.map(({ fetched }) => fetched)));
    expect(sum(charts.durations.map(({ runs: n }) => n))).toBe(runs.length);
    expect(sum(charts.issues.map(({ opened }) => opened))).toBe((await system.table('sync_issues')).length);
    const batumi = await readCharts(system.context, 'day', { account: 'batumi', entity: 'cars' });
    expect(sum(batumi.durations.map(({ runs: n }) => n))).toBe(1);
    expect(batumi.records).toHaveLength(145);
  });

  test('a record is found by its id and by the number that staff knows', async () => {
    const booking = simulator.truth().bookings.at(-1)!;
    const byId = await findRecord(system.context, ` ${booking.id} `);
    expect(byId).toContainEqual(
      expect.objectContaining({
        entity: 'bookings',
        external_id: String(booking.id),
        by: 'id',
        number: String(booking.number),
      }),
    );
    const byNumber = await findRecord(system.context, String(booking.number));
    expect(byNumber).toContainEqual(
      expect.objectContaining({ external_id: String(booking.id), by: 'number', state: 'applied' }),
    );
    expect(await findRecord(system.context, '')).toEqual([]);
    expect(await findRecord(system.context, "'; drop table bookings")).toEqual([]);
  });
});
