import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readReport } from '../../reports/read-report.ts';
import { renderHtml } from '../../reports/render-html.ts';
import { renderJson } from '../../reports/render-json.ts';
import { renderMarkdown } from '../../reports/render-markdown.ts';
import type { Report } from '../../reports/report.ts';
import { startRentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { queueBackends } from '../support/backends.ts';
import { type CliWorld, openCliWorld } from '../support/cli-world.ts';
import { accountsOf, startSystem } from '../support/system.ts';

/** The commands have a Redis database of their own. */
const REDIS_DATABASE = 10;
// The report reads PostgreSQL alone, so one queue is as good as the other.
const [backend] = queueBackends();
/** Where it is about noon now, so that no midnight falls into the test. `Etc/GMT-3` is three hours ahead of UTC. */
const hoursAhead = 12 - new Date().getUTCHours();
const zone = `Etc/GMT${hoursAhead > 0 ? '-' : '+'}${Math.abs(hoursAhead)}`;
const HOSTILE = '<img src=x onerror=alert(1)>|[a](http://evil.test)';

describe('the error report of a branch with gone clients, invalid bookings and a page that does not come', () => {
  let world: CliWorld;
  let then: Record<string, Report>;
  const read = async (account: string) => readReport(world.system.context, { source: 'rentprog', account, zone });
  const both = async () => ({ tbilisi: await read('tbilisi'), batumi: await read('batumi') });
  const problemsOf = ({ problems }: Report) =>
    problems.map(({ key, at, kind, message }) => ({ key, at, kind, message }));
  const allCauses = () => Object.values(then).flatMap(({ causes }) => causes);

  beforeAll(async () => {
    const failPage = { branch: 'batumi', path: '/all_clients', page: 2 };
    const faults = { brokenRecords: 3, failPage };
    world = await openCliWorld(backend!, REDIS_DATABASE, { bookings: 60, goneClients: 3, missingClients: 1, faults });
    world.simulator.mutate.createBooking('tbilisi', { client_id: HOSTILE });
    await world.system.sync();
    then = await both();
  });
  afterAll(() => world.close());

  test('has every issue of the account once, with its time, id, number and own message', async () => {
    for (const [account, report] of Object.entries(then)) {
      const issues = await world.system.table('sync_issues', `account = '${account}'`);
      expect(report.total).toBe(issues.length);
      expect(report.now).toEqual({ healed: 0, waiting: 0, needs_look: issues.length, closed: 0 });
      for (const issue of issues) {
        const [booking] = await world.system.table('bookings', `external_id = '${issue.external_id}'`);
        expect(report.problems).toContainEqual(
          expect.objectContaining({
            at: issue.opened_at.toISOString(),
            entity: issue.entity,
            external_id: issue.external_id,
            number: booking?.number ?? null,
            kind: issue.kind,
            message: issue.message,
          }),
        );
      }
    }
  });

  test('names each gone client as a cause, and rules out what the look-up has ruled out', async () => {
    const gone = world.simulator.truth().goneClientIds.map(String);
    const causes = allCauses().filter(({ kind }) => kind === 'gone_parent');
    expect(causes.map(({ name }) => name).toSorted()).toEqual([...gone, HOSTILE].toSorted());
    for (const { scenarios, actions, name, records } of causes) {
      const verdicts = Object.fromEntries(scenarios.map(({ code, verdict }) => [code, verdict]));
      expect(verdicts).toMatchObject({
        parent_deleted: 'possible',
        silent_account: 'ruled_out',
        parent_late: 'ruled_out',
        sync_broken: 'ruled_out',
      });
      const [{ evidence }] = scenarios.filter(({ code }) => code === 'parent_deleted') as [(typeof scenarios)[0]];
      expect(evidence.steps?.map(({ account, answer }) => [account, answer]).toSorted()).toEqual([
        ['batumi', 'absent'],
        ['tbilisi', 'absent'],
      ]);
      if (name === HOSTILE) continue;
      expect(actions.map(({ command }) => command)).toContain(
        `./pmsync requeue bookings ${records[0]?.external_id} --source rentprog`,
      );
    }
  });

  test('blames the values of invalid bookings, and not the vendor, while others go through', async () => {
    const broken = world.simulator.truth().brokenBookingIds.map(String);
    const causes = allCauses().filter(({ kind }) => kind === 'invalid_field');
    expect(causes.flatMap(({ records }) => records.map((record) => record.external_id)).toSorted()).toEqual(
      broken.toSorted(),
    );
    for (const { scenarios } of causes) {
      const verdicts = Object.fromEntries(scenarios.map(({ code, verdict }) => [code, verdict]));
      expect(verdicts).toMatchObject({ single_value: 'applies', format_changed: 'ruled_out' });
    }
  });

  test('tells a vendor that answers 500 from a network that is down', () => {
    const [cause] = then.batumi!.causes.filter(({ kind }) => kind === 'unavailable');
    expect(cause).toMatchObject({ name: 'answered', entities: ['clients'] });
    expect(cause!.scenarios).toEqual(
      expect.arrayContaining([
        { code: 'vendor_down', verdict: 'applies', evidence: { code: 'vendor_answered', count: 500 } },
        { code: 'network', verdict: 'ruled_out', evidence: { code: 'vendor_answered', count: 500 } },
        expect.objectContaining({ code: 'some_pages', verdict: 'applies' }),
      ]),
    );
    expect(cause!.actions.map(({ command }) => command)).toContain(
      './pmsync sync --source rentprog --account batumi --entity clients --wait',
    );
  });

  test('holds no personal data, and what a vendor writes stays text', () => {
    const { clients } = world.simulator.truth();
    const people = clients.flatMap(({ name, lastname, phone, email }) => [
      `${name} ${lastname}`,
      lastname,
      phone,
      email,
    ]);
    for (const language of ['en', 'ru'] as const) {
      const reports = Object.values(then);
      const [html, markdown] = [renderHtml(reports, language), renderMarkdown(reports, language)];
      const texts = [html, markdown, renderJson(reports, language)];
      for (const text of texts) for (const person of people) if (person) expect(text).not.toContain(String(person));
      expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
      const outsideCode = markdown.replace(/^ *```sh\n.*\n *```$/gm, '');
      for (const text of [html, outsideCode]) expect(text).not.toContain('<img');
      expect(outsideCode).not.toMatch(/(?<!\\)\[a\]|http:\/\//);
    }
  });

  test('is a command with exit code 1 while something needs a look', async () => {
    const md = await world.pm('report', '--source', 'rentprog', '--account', 'batumi');
    expect(md.code).toBe(1);
    expect(md.stdout).toMatch(/^# Error report: RentProg, batumi, \d{4}-\d\d-\d\d\n/);
    expect(md.stdout.match(/^# /gm)).toHaveLength(1);
    const html = await world.pm('--lang', 'ru', 'report', '--format', 'html');
    expect(html.stdout).toMatch(/^<!doctype html>\n<html lang="ru">/);
    expect(html.stdout.match(/<article class="report"/g)).toHaveLength(2);
    const json = await world.pm('report', '--json');
    expect(json.data().reports.map((report: Report) => report.account)).toEqual(['tbilisi', 'batumi']);
    const quiet = await world.pm('report', '--date', '2020-02-29');
    expect(quiet.code).toBe(0);
    expect(quiet.stdout).toContain('No problems on this day');
    for (const wrong of [
      ['--date', '2026-02-30'],
      ['--format', 'pdf'],
      ['--account', 'nowhere'],
      ['--source', 'x'],
    ])
      expect(await world.pm('report', ...wrong)).toMatchObject({ code: 2, stdout: '' });
  });

  test('made again after the repair has the same problems beside how they stand now', async () => {
    const { simulator, system } = world;
    const [first, ...others] = simulator.truth().goneClientIds;
    simulator.faults.failPage = null;
    simulator.repairBrokenRecords();
    simulator.mutate.revealClient(first!, 'batumi');
    await system.sync();
    const now = await both();
    for (const account of ['tbilisi', 'batumi'] as const)
      expect(problemsOf(now[account])).toEqual(problemsOf(then[account]!));
    const open = Object.values(now).flatMap(({ problems }) =>
      problems.filter(({ now: { status } }) => status !== 'healed'),
    );
    expect(open.map(({ kind, now: { status } }) => [kind, status])).toEqual(
      Array(others.length + 1).fill(['missing_parent', 'needs_look']),
    );
    const causes = Object.values(now).flatMap((report) => report.causes);
    const came = causes.find(({ name }) => name === String(first))!;
    expect(came.now).toEqual({ healed: came.problems, waiting: 0, needs_look: 0, closed: 0 });
    expect(came.scenarios[0]).toMatchObject({ code: 'parent_came_later', verdict: 'applies' });
    expect(came.actions).toEqual([]);
    const outage = causes.find(({ kind }) => kind === 'unavailable')!;
    expect(outage.scenarios).toContainEqual(expect.objectContaining({ code: 'lasting_outage', verdict: 'ruled_out' }));

    for (const id of others) simulator.mutate.revealClient(id, 'tbilisi');
    simulator.mutate.updateBooking(Number(hostileBooking(then.tbilisi!)), { client_id: first! });
    await system.sync();
    const healed = await world.pm('report', '--source', 'rentprog');
    expect(healed.code, healed.stdout).toBe(0);
    expect(healed.stdout).toContain('Nothing is left to do.');
  });
});

function hostileBooking({ causes }: Report): string {
  return causes.find(({ name }) => name === HOSTILE)?.records[0]?.external_id ?? '';
}

test('a refused key is told from a vendor that is down, and the branches that work are the evidence', async () => {
  const simulator = await startRentprogSimulator({
    branches: ['tbilisi', 'batumi'],
    limits: null,
    bookings: 30,
    missingClients: 0,
    goneClients: 1,
    missingCars: 0,
  });
  const accounts = accountsOf(simulator).map((account) =>
    account.name === 'batumi' ? { ...account, credentials: { companyToken: 'not-the-token' } } : account,
  );
  const system = await startSystem({ backend: backend!, accounts });
  try {
    await system.sync();
    const batumi = await readReport(system.context, { source: 'rentprog', account: 'batumi', zone });
    expect(batumi).toMatchObject({ total: 3, now: { needs_look: 3 }, causes: [{ kind: 'unauthorized', problems: 3 }] });
    expect(batumi.causes[0]!.scenarios).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'token_mistyped', verdict: 'possible' }),
        {
          code: 'vendor_sign_in_broken',
          verdict: 'ruled_out',
          evidence: { code: 'neighbours_worked', names: ['tbilisi'] },
        },
        { code: 'network', verdict: 'ruled_out', evidence: { code: 'vendor_answered', count: 401 } },
      ]),
    );
    const tbilisi = await readReport(system.context, { source: 'rentprog', account: 'tbilisi', zone });
    expect(tbilisi.now).toMatchObject({ waiting: 1, needs_look: 0 });
    expect(tbilisi.causes).toMatchObject([
      {
        kind: 'silent_look_up',
        name: 'batumi',
        waiters: 1,
        scenarios: [{ code: 'silent_token', verdict: 'applies' }, {}, {}],
      },
    ]);
    const texts = [renderMarkdown([batumi, tbilisi], 'en'), renderJson([batumi, tbilisi], 'ru')];
    for (const text of texts) expect(text).not.toContain('not-the-token');
  } finally {
    await system.stop();
    await simulator.close();
  }
});
