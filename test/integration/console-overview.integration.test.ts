import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { overviewAnswer } from '../../console/pages/overview/schemas.ts';
import { createEnqueue } from '../../jobs/enqueue.ts';
import type { Settings } from '../../settings/settings.ts';
import type { SourceDefinition } from '../../sources/define-source.ts';
import { queueBackends } from '../support/backends.ts';
import { ask, settings, useConsole } from '../support/console.ts';
import { elementOf, pageText } from '../support/page-text.ts';
import { browse, signIn } from '../support/visitor.ts';
import { waitFor } from '../support/wait-for.ts';

const EVIL = '<img src=x onerror=alert(1)>';
const every = { everyMs: 300_000 };
const [rentprog] = settings.sources;
const scheduled = (accounts = rentprog!.accounts): Settings => ({
  ...settings,
  sources: [{ ...rentprog!, schedule: { clients: every, bookings: every, parts: every }, accounts }],
});
const entity = (name: string, more = {}) => ({ name, listing: { rateClass: 'read' }, ...more });
const sources = new Map([
  [
    'rentprog',
    { title: 'RentProg', entities: [entity('clients'), entity('bookings'), entity('parts', { partOf: 'bookings' })] },
  ],
]) as unknown as Map<string, SourceDefinition>;

describe('the overview', () => {
  const web = useConsole({ name: 'postgres' });

  const open = async (accounts = rentprog!.accounts, options = {}) => {
    web.context = {
      ...web.context,
      sources,
      settings: scheduled(accounts),
      enqueue: createEnqueue(web.context.queues),
    };
    await sql`truncate sync_log, sync_issues, row_counts, vendor_requests, pauses, audit_log cascade`.execute(
      web.connection.db,
    );
    return web.open(options);
  };
  const addRun = (account: string, name: string, status: string, { agoMin = 3, error = '' } = {}) =>
    sql`insert into sync_log (source, account, entity, mode, trigger, status, started_at, finished_at, fetched, inserted, error)
      values ('rentprog', ${account}, ${name}, 'full', 'manual', ${status}, now() - make_interval(mins => ${agoMin}),
        now() - make_interval(mins => ${agoMin}), 12, 12, ${error || null})`.execute(web.connection.db);
  const addIssue = (account: string, externalId: string) =>
    sql`insert into sync_issues (source, account, entity, external_id, kind, message)
      values ('rentprog', ${account}, 'bookings', ${externalId}, 'rejected', ${EVIL})`.execute(web.connection.db);

  test('says of every entity how it stands and why, with the way to its issues and runs', async () => {
    const url = await open();
    await addRun('tbilisi', 'clients', 'succeeded');
    await addRun('tbilisi', 'bookings', 'failed', { error: `Refused: ${EVIL}` });
    await addRun('batumi', 'clients', 'succeeded', { agoMin: 90 });
    await addRun('batumi', 'bookings', 'succeeded');
    await addIssue('batumi', '7');
    await sql`insert into row_counts values ('rentprog', 'batumi', 'bookings', 1234567)`.execute(web.connection.db);
    const { text } = await ask(url, 'GET', { accept: 'text/html' });
    const tbilisi = pageText(elementOf(text, 'account-rentprog-tbilisi'));
    expect(tbilisi).toContain('clients well 3 min ago every 5 min succeeded 3 min ago');
    expect(tbilisi).toContain('bookings trouble the last run failed, never read to the end');
    expect(tbilisi).toContain(`Refused: ${EVIL}`);
    const batumi = elementOf(text, 'account-rentprog-batumi');
    expect(pageText(batumi)).toContain('trouble late: last read 90 min ago');
    expect(pageText(batumi)).toContain('1,234,567 rows · 1 open issue');
    expect(batumi).toContain('href="/issues?source=rentprog&amp;account=batumi&amp;entity=bookings"');
    expect(batumi).toContain('href="/runs?source=rentprog&amp;account=batumi"');
    expect(batumi).toMatch(/href="\/runs\/[0-9a-f-]{36}"/);
    expect(pageText(elementOf(text, 'summary'))).toContain(
      '2 entities in trouble. 2 entities to look at. 2 others are well.',
    );
    expect(text).not.toContain('<img');
  });

  test('speaks Russian, with the right forms of its words', async () => {
    const url = await open();
    for (const account of ['tbilisi', 'batumi']) {
      for (const name of ['clients', 'bookings']) await addRun(account, name, 'succeeded');
      await addIssue(account, '1');
    }
    const { text } = await ask(url, 'GET', { 'accept-language': 'ru' });
    expect(text).toContain('<html lang="ru">');
    expect(pageText(elementOf(text, 'summary'))).toContain('Проверьте 2 раздела. Ещё 4 раздела в порядке.');
    expect(pageText(elementOf(text, 'account-rentprog-batumi'))).toContain('брони проверьте');
  });

  test('says that all is well, and that nobody works while no worker runs', async () => {
    const url = await open();
    for (const account of ['tbilisi', 'batumi']) {
      for (const name of ['clients', 'bookings']) await addRun(account, name, 'succeeded');
    }
    const { text } = await ask(url);
    expect(pageText(elementOf(text, 'summary'))).toContain('All is well. 6 entities read as recently as promised.');
    expect(pageText(elementOf(text, 'summary'))).toContain('No worker is running');
    expect(pageText(elementOf(text, 'figures'))).toContain('Workers 0');
  });

  test('shows how much of what the vendor allows has been used', async () => {
    const url = await open();
    await sql`insert into vendor_requests values ('rentprog', 'tbilisi', 'read', now(), 42)`.execute(web.connection.db);
    const tbilisi = elementOf((await ask(url)).text, 'account-rentprog-tbilisi');
    expect(tbilisi).toContain('<meter min="0" max="120" value="42" aria-label="read requests: 42 of 120">');
    expect(pageText(tbilisi)).toContain('read 42 of 120 search 0 of 30');
  });

  test('shows the runs that are going on', async () => {
    const url = await open();
    await sql`insert into sync_log (source, account, entity, mode, trigger, fetched, pages_open, pending)
      values ('rentprog', 'tbilisi', 'bookings', 'full', 'manual', 21, 3, 1)`.execute(web.connection.db);
    const { text } = await ask(url);
    expect(pageText(elementOf(text, 'going'))).toContain(
      'bookings of rentprog / tbilisi 21 records so far, 3 pages to go, 1 record to be written',
    );
  });

  test('answers a program with the same, as its description says', async () => {
    const url = await open();
    await addRun('tbilisi', 'bookings', 'partial');
    const answer = await ask(`${url}/api/overview?range=hour`);
    const data = JSON.parse(answer.text);
    expect(overviewAnswer.parse(data)).toEqual(data);
    expect(data.sources[0].accounts[0].entities[1]).toMatchObject({
      entity: 'bookings',
      verdict: { light: 'amber' },
      last_run: { status: 'partial', fetched: 12 },
      schedule: every,
    });
    expect(data.charts).toMatchObject({ range: 'hour', bucket_s: 60 });
    const described = JSON.parse((await ask(`${url}/api/openapi.json`)).text).paths;
    expect(Object.keys(described['/api/overview'])).toEqual(['get']);
    for (const path of ['/api/run', '/api/pause', '/api/resume'])
      expect(Object.keys(described[path])).toEqual(['post']);
  });

  test('shows one source or account alone, and nothing of a name that is not there', async () => {
    const url = await open();
    const { text } = await ask(`${url}/?source=rentprog&account=batumi`);
    expect(text).toContain('id="account-rentprog-batumi"');
    expect(text).not.toContain('id="account-rentprog-tbilisi"');
    expect((await ask(`${url}/?account=${encodeURIComponent(EVIL)}`)).status).toBe(404);
    const data = JSON.parse((await ask(`${url}/api/overview?account=batumi`)).text);
    expect(data.sources.map((each: { accounts: unknown[] }) => each.accounts.length)).toEqual([1]);
  });

  test('draws charts from tables, of the time that is asked for', async () => {
    const url = await open();
    await addRun('tbilisi', 'bookings', 'succeeded');
    await addIssue('tbilisi', '1');
    const drawn = (range: string) =>
      waitFor(
        async () => {
          const part = elementOf((await ask(`${url}/?range=${range}`)).text, 'charts');
          return part.includes('<table') && part;
        },
        { describe: 'the charts are summed up' },
      );
    const hour = await drawn('hour');
    expect(hour.match(/<table data-chart="line"/g)).toHaveLength(3);
    expect(hour).toContain('data-place="chart-records" data-zone="Asia/Tbilisi" data-range="hour"');
    expect(hour).toContain('aria-label="Records per minute, last hour: fetched at most 12, written at most 12"');
    expect(hour).toContain('aria-current="true">hour</a>');
    const rows = (part: string) => part.match(/<time /g)?.length ?? 0;
    const week = await drawn('week');
    expect(rows(hour)).toBeGreaterThan(180);
    expect(rows(week)).toBeGreaterThan(500);
    expect((await ask(`${url}/?range=century`)).text).toContain('aria-current="true">day</a>');
  });

  test('folds accounts that are well where there are many', async () => {
    const account = (name: string) => ({ ...rentprog!.accounts[0]!, name });
    const names = Array.from({ length: 14 }, (_, n) => `branch${n}`);
    const url = await open(names.map(account));
    for (const name of names) {
      for (const each of ['clients', 'bookings']) await addRun(name, each, name === 'branch3' ? 'failed' : 'succeeded');
    }
    const { text } = await ask(url);
    expect(pageText(elementOf(text, 'well-rentprog'))).toMatch(/^well 13 accounts are well branch0 3 min ago/);
    expect(elementOf(text, 'account-rentprog-branch3')).toMatch(/^<details[^>]* open>/);
    expect(text).toContain('href="/?source=rentprog&amp;account=branch13"');
  });

  describe.each(queueBackends())('its buttons, with $name', (backend) => {
    const here = useConsole(backend);
    const openHere = async (options = {}) => {
      const enqueue = createEnqueue(here.context.queues);
      here.context = { ...here.context, sources, settings: scheduled(), enqueue };
      await sql`truncate pauses, audit_log cascade`.execute(here.connection.db);
      await here.context.queues.queue('sync').drain();
      return here.open(options);
    };
    const asked = async () => (await here.context.queues.queue('sync').getJobs(['waiting'])).map(({ data }) => data);
    const audit = async () =>
      (
        await sql<{ action: string; actor: string }>`select action, actor, details from audit_log order by id`.execute(
          here.connection.db,
        )
      ).rows;

    test('ask for a run of an entity, and say so', async () => {
      const url = await openHere();
      const person = browse(url);
      await person.get('/?range=hour');
      const target = {
        source: 'rentprog',
        account: 'tbilisi',
        entity: 'bookings',
        full: 'on',
        reason: 'the list was short',
      };
      const sent = await person.submit('/run', { ...target, back: '/?range=hour' });
      expect([sent.status, sent.headers.location]).toEqual([303, '/?range=hour&said=run#account-rentprog-tbilisi']);
      expect(await asked()).toEqual([
        { source: 'rentprog', account: 'tbilisi', entity: 'bookings', mode: 'full', trigger: 'manual' },
      ]);
      expect(await audit()).toMatchObject([
        { action: 'run', actor: 'console', details: { reason: 'the list was short' } },
      ]);
      const { text } = await person.get('/?range=hour&said=run');
      expect(pageText(text)).toContain('Asked for. The run shows below as soon as a worker takes it up.');
      expect((await person.submit('/run', { source: 'rentprog', account: 'nowhere' })).status).toBe(404);
      const elsewhere = await person.submit('/run', { ...target, back: 'https://evil.example/' });
      expect(elsewhere.headers.location).toBe('/?said=run#account-rentprog-tbilisi');
    });

    test('pause an account with a reason, run nothing of it meanwhile, and resume it', async () => {
      const url = await openHere();
      const person = browse(url);
      await person.get('/');
      const target = { source: 'rentprog', account: 'batumi' };
      const queue = here.context.queues.queue('fetch.rentprog.batumi.read');
      await person.submit('/pause', { ...target, reason: `moving ${EVIL}` });
      expect(await queue.isPaused()).toBe(true);
      const { text } = await person.get('/');
      const shown = pageText(elementOf(text, 'account-rentprog-batumi'));
      expect(shown).toMatch(
        /^paused batumi .*Paused by console, \d+ s ago : moving <img src=x onerror=alert\(1\)> Resume/,
      );
      expect(text).not.toContain('<img');
      expect((await person.submit('/run', target)).headers.location).toContain('said=is-paused');
      expect((await person.submit('/pause', target)).headers.location).toContain('said=same');
      expect((await person.submit('/resume', target)).headers.location).toContain('said=resumed');
      expect(await queue.isPaused()).toBe(false);
      expect((await audit()).map(({ action }) => action)).toEqual(['pause', 'resume']);
    });

    test('do the same for programs', async () => {
      const url = await openHere();
      const post = async (path: string, body: object) => {
        const answer = await ask(url + path, 'POST', { 'content-type': 'application/json' }, JSON.stringify(body));
        return { status: answer.status, ...JSON.parse(answer.text) };
      };
      const target = { source: 'rentprog', account: 'tbilisi', entity: 'clients' };
      expect(await post('/api/pause', target)).toMatchObject({ status: 200, entity: 'clients', changed: true });
      const whole = await post('/api/run', { source: 'rentprog', account: 'tbilisi' });
      expect(whole.requested).toEqual([{ source: 'rentprog', account: 'tbilisi', entity: 'bookings' }]);
      expect(whole.refused).toMatchObject([{ target, paused: { entity: 'clients' } }]);
      expect(await post('/api/resume', target)).toMatchObject({ changed: true, paused: [] });
      expect(await post('/api/run', { source: 'rentprog' })).toMatchObject({ status: 400 });
    });

    test('are not there for viewers, and refuse them', async () => {
      const url = await openHere({ password: 'the admin word', viewerPassword: 'the viewer word' });
      const viewer = await signIn(url, 'the viewer word');
      const { text } = await viewer.get('/');
      expect(text).toContain('id="account-rentprog-tbilisi"');
      expect(text).not.toMatch(/formaction|action="\/(run|pause|resume)"/);
      for (const path of ['/run', '/pause', '/resume', '/api/run', '/api/pause', '/api/resume']) {
        expect((await viewer.submit(path, { source: 'rentprog', account: 'tbilisi' })).status, path).toBe(403);
      }
      expect(await asked()).toEqual([]);
      expect(await audit()).toEqual([]);
    });
  });
});
