import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../../db/connection.ts';
import { type NewIssue, openIssues } from '../../db/issues.ts';
import { transaction } from '../../db/transaction.ts';
import type { HealthContext } from '../../health/read-health.ts';
import { readReport } from '../../reports/read-report.ts';
import { renderHtml } from '../../reports/render-html.ts';
import { renderMarkdown } from '../../reports/render-markdown.ts';
import { loadSources } from '../../sources/load-sources.ts';
import { settings } from '../support/console.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const RUN = '11111111-1111-4111-8111-111111111111';
const about = { source: 'rentprog', account: 'tbilisi', entity: 'bookings', runId: null };
const gone = (externalId: string, client: string, trail: unknown[] = []): NewIssue => ({
  ...about,
  externalId,
  kind: 'missing_parent',
  message: `stored without clients/${client}: not found at rentprog`,
  details: { parents: [{ entity: 'clients', external_id: client, trail }] },
});
const list = (kind: NewIssue['kind'], details: NewIssue['details'] = {}, message = 'page 1: no'): NewIssue => ({
  ...about,
  externalId: null,
  kind,
  message,
  details,
});

describe('the report of a day', () => {
  let database: TestDatabase;
  let connection: Connection;
  let context: HealthContext;
  const read = (date = '2026-11-21', account = 'tbilisi') => readReport(context, { source: 'rentprog', account, date });
  /** Opens an issue at a time, and closes it at another. */
  async function issue(issue: NewIssue, at: string, until?: string, resolution = 'applied') {
    await transaction(connection.db, (trx) => openIssues(trx, [issue]));
    await sql`update sync_issues set opened_at = ${at}, resolved_at = ${until ?? null}::timestamptz,
      resolution = ${until ? resolution : null} where id = (select max(id) from sync_issues)`.execute(connection.db);
  }
  async function run(at: string, values: Record<string, string | number | null> = {}) {
    const row = { entity: 'bookings', status: 'partial', trigger: 'schedule', finished_at: at, ...values };
    const fixed = { source: 'rentprog', account: 'tbilisi', mode: 'incremental', started_at: at };
    const all = Object.entries({ ...fixed, ...row });
    await sql`insert into sync_log (${sql.join(all.map(([name]) => sql.ref(name)))})
      values (${sql.join(all.map(([, value]) => value))})`.execute(connection.db);
  }

  beforeAll(async () => {
    database = await createTestDatabase();
    connection = connect({ url: database.url, onError: () => {} });
    context = { db: connection.db, settings, sources: await loadSources() };
  });
  beforeEach(() => sql`truncate sync_issues, sync_log, source_records cascade`.execute(connection.db));
  afterAll(async () => {
    await connection.close();
    await database.drop();
  });

  test('begins and ends by the clock of the account, to the millisecond', async () => {
    await issue(gone('1', '7'), '2026-11-20T19:59:59.999Z', '2026-11-20T19:59:59.999Z');
    await issue(gone('2', '7'), '2026-11-20T20:00:00.000Z');
    await issue(gone('3', '7'), '2026-11-21T19:59:59.999Z');
    await issue(gone('4', '7'), '2026-11-21T20:00:00.000Z');
    const report = await read();
    expect(report).toMatchObject({ from: '2026-11-20T20:00:00.000Z', to: '2026-11-21T20:00:00.000Z', total: 2 });
    expect(report.problems.map(({ external_id: id, at }) => [id, at])).toEqual([
      ['2', '2026-11-20T20:00:00.000Z'],
      ['3', '2026-11-21T19:59:59.999Z'],
    ]);
    const inMoscow = await readReport(context, {
      source: 'rentprog',
      account: 'tbilisi',
      date: '2026-11-21',
      zone: 'Europe/Moscow',
    });
    expect(inMoscow.from).toBe('2026-11-20T21:00:00.000Z');
  });

  test('may have 23 hours, and is refused when the calendar has no such day', async () => {
    const asked = { source: 'rentprog', account: 'tbilisi', zone: 'Europe/Berlin' };
    expect(await readReport(context, { ...asked, date: '2026-03-29' })).toMatchObject({
      from: '2026-03-28T23:00:00.000Z',
      to: '2026-03-29T22:00:00.000Z',
      total: 0,
    });
    for (const date of ['2026-02-30', 'today', 'infinity', "'"])
      await expect(readReport(context, { ...asked, date })).rejects.toThrow(RangeError);
  });

  test('has what was open already, and says so, and nothing of another account or another day', async () => {
    await issue(gone('old', '7'), '2026-11-01T00:00:00Z');
    await issue(gone('healed before', '7'), '2026-11-01T00:00:00Z', '2026-11-19T00:00:00Z');
    await issue(gone('healed on it', '7'), '2026-11-02T00:00:00Z', '2026-11-21T10:00:00Z');
    await issue({ ...gone('other', '7'), account: 'batumi' }, '2026-11-21T10:00:00Z');
    const { problems, now } = await read();
    expect(problems.map(({ external_id: id, is_new: isNew }) => [id, isNew])).toEqual([
      ['old', false],
      ['healed on it', false],
    ]);
    expect(now).toEqual({ healed: 1, waiting: 0, needs_look: 1, closed: 0 });
    expect((await read('2026-11-21', 'batumi')).total).toBe(1);
  });

  test('counts a record that has a new problem since as one to be looked at', async () => {
    await issue(gone('1', '7'), '2026-11-21T01:00:00Z', '2026-11-21T02:00:00Z');
    expect((await read()).now.healed).toBe(1);
    await issue(gone('1', '8'), '2026-11-25T01:00:00Z');
    expect((await read()).problems).toMatchObject([{ now: { status: 'needs_look', at: '2026-11-21T02:00:00.000Z' } }]);
  });

  test('tells what a person has closed from what has healed', async () => {
    await issue(gone('1', '7'), '2026-11-21T01:00:00Z', '2026-11-21T02:00:00Z', 'dismissed: known to the office');
    await issue(gone('2', '7'), '2026-11-21T01:00:00Z', '2026-11-21T02:00:00Z', 'deleted by somebody');
    const report = await read();
    expect(report.now).toEqual({ healed: 0, waiting: 0, needs_look: 0, closed: 2 });
    expect(renderMarkdown([report], 'ru')).toContain('закрыто вручную (dismissed: known to the office)');
  });

  test('counts a record that is in the line again as waiting', async () => {
    await issue(gone('1', '7'), '2026-11-21T01:00:00Z');
    await sql`insert into source_records (source, scope, entity, external_id, account, state)
      values ('rentprog', '*', 'bookings', '1', 'tbilisi', 'pending')`.execute(connection.db);
    expect((await read()).now).toMatchObject({ waiting: 1, needs_look: 0 });
  });

  test('waits for a vendor that is down as long as a schedule tries it again, and not for ever', async () => {
    await issue(list('unavailable', { page: '1', status: 503 }), '2026-11-21T01:00:00Z');
    expect((await read()).now, 'nobody will try it again').toMatchObject({ needs_look: 1 });
    const [source] = settings.sources;
    const scheduled = { ...settings, sources: [{ ...source!, schedule: { bookings: { everyMs: 300_000 } } }] };
    const asked = { source: 'rentprog', account: 'tbilisi', date: '2026-11-21' };
    expect((await readReport({ ...context, settings: scheduled }, asked)).now).toMatchObject({ waiting: 1 });
    await sql`update sync_issues set attempts = 3`.execute(connection.db);
    expect((await readReport({ ...context, settings: scheduled }, asked)).now).toMatchObject({ needs_look: 1 });
  });

  test('has an incomplete run that no issue explains, until the list was read to its end again', async () => {
    await run('2026-11-21T01:00:00Z', { error: 'the listing kept changing', pages_done: 3 });
    await run('2026-11-21T01:10:00Z', { pages_failed: 1, trigger: 'compare' });
    const before = await read();
    expect(before).toMatchObject({ total: 1, now: { needs_look: 1 }, causes: [{ kind: 'broken_run' }] });
    expect(before.causes[0]!.actions[0]!.command).toContain('./pmsync sync --source rentprog --account tbilisi');
    await run('2026-11-22T01:00:00Z', { status: 'succeeded', pages_done: 3 });
    expect(await read()).toMatchObject({
      total: 1,
      now: { healed: 1 },
      problems: [{ now: { at: '2026-11-22T01:00:00.000Z' } }],
    });
  });

  test('does not count the runs of a problem beside the problem', async () => {
    await run('2026-11-21T01:00:00Z', { status: 'failed', pages_failed: 1 });
    await run('2026-11-21T02:00:00Z', { status: 'failed', pages_failed: 1 });
    await issue(list('unauthorized', { page: '1', status: 401 }), '2026-11-21T01:00:00Z');
    await run('2026-11-21T03:00:00Z', { entity: 'cars', quarantined: 2, fetched: 5 });
    const invalid = { ...list('invalid_record'), entity: 'cars', externalId: '1' };
    await issue(invalid, '2026-11-21T02:59:00Z');
    const { total, reading } = await read();
    expect(total).toBe(2);
    expect(reading).toMatchObject([
      { entity: 'bookings', runs: 2, failed: 2 },
      { entity: 'cars', runs: 1, partial: 1, fetched: 5 },
    ]);
  });

  test('groups what has one cause, also when a record has two', async () => {
    const two = gone('3', '7');
    two.details.parents = [
      { entity: 'clients', external_id: '7', trail: [] },
      { entity: 'cars', external_id: '55', trail: [] },
    ];
    for (const each of [gone('1', '7'), gone('2', '7'), two, gone('4', '8')]) await issue(each, '2026-11-21T01:00:00Z');
    const { total, causes } = await read();
    expect(total).toBe(4);
    expect(causes.map(({ entity, name, problems }) => [entity, name, problems])).toEqual([
      ['clients', '7', 3],
      ['cars', '55', 1],
      ['clients', '8', 1],
    ]);
    expect(causes[0]!.actions.map(({ command }) => command)).toContain(
      './pmsync requeue bookings 1 2 3 --source rentprog',
    );
  });

  test('blames the vendor when not one record with that field goes through', async () => {
    await run('2026-11-21T01:00:00Z', { id: RUN, fetched: 40, quarantined: 40 });
    for (const externalId of ['1', '2', '3']) {
      const problems = [{ field: 'items.3.total', found: 'object', rule: 'expected an amount' }];
      const details = { problems };
      const message = 'cannot be applied: items.3.total: expected an amount (found object)';
      const invalid = { ...about, externalId, kind: 'invalid_record', message, details, runId: RUN } as const;
      await issue(invalid, '2026-11-21T01:00:00Z');
    }
    const { causes } = await read();
    expect(causes).toMatchObject([{ kind: 'invalid_field', name: 'items[].total', problems: 3 }]);
    expect(causes[0]!.scenarios.slice(0, 3)).toMatchObject([
      { code: 'format_changed', verdict: 'applies', evidence: { code: 'none_passed', count: 40, total: 40 } },
      { code: 'mapping_wrong', verdict: 'possible' },
      { code: 'single_value', verdict: 'ruled_out' },
    ]);
  });

  test('says how the delete brake is let go, and afterwards which of the two it was', async () => {
    const details = { deletes: 30, live: 100, percent: 30, sample: ['5'] };
    await issue(list('delete_brake', details, '30 of 100 bookings'), '2026-11-21T01:00:00Z');
    const [held] = (await read()).causes;
    expect(held!.actions.map(({ command }) => command)).toEqual([
      './pmsync explain bookings 5 --source rentprog --live',
      null,
      './pmsync compare bookings --source rentprog --account tbilisi --fix --confirm-deletes',
      './pmsync sync --source rentprog --account tbilisi --entity bookings --full --confirm-deletes --wait',
    ]);
    await sql`update sync_issues set resolved_at = now(), resolution = 'within the brake again'`.execute(connection.db);
    const [released] = (await read()).causes;
    expect(released!.scenarios).toMatchObject([
      { code: 'list_incomplete', verdict: 'applies' },
      { code: 'really_deleted', verdict: 'ruled_out' },
      { code: 'broken_off' },
    ]);
  });

  test('with thousands of problems shows the first, counts the others, and stays small', async () => {
    const MANY = 5000;
    await sql`insert into sync_issues (source, account, entity, external_id, kind, message, details, opened_at)
      select 'rentprog', 'tbilisi', 'bookings', n::text, 'missing_parent', 'stored without clients/' || n / 2,
        jsonb_build_object('parents', jsonb_build_array(jsonb_build_object('entity', 'clients', 'external_id', (n / 2)::text,
          'trail', '[]'::jsonb))), '2026-11-21T01:00:00Z'::timestamptz + make_interval(secs => n)
      from generate_series(1, ${MANY}) n`.execute(connection.db);
    const report = await read();
    expect(report).toMatchObject({ total: MANY, now: { needs_look: MANY }, more_problems: MANY - 200 });
    expect(report.problems).toHaveLength(200);
    expect(report.causes).toHaveLength(20);
    expect(report.more_causes).toEqual([{ kind: 'gone_parent', causes: 2501 - 20, problems: MANY - 40 }]);
    expect(renderMarkdown([report], 'en')).toContain('… and 4,800 more problems.');
    expect(renderHtml([report], 'ru').length).toBeLessThan(300_000);
  });
});
