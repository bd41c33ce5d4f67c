import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { runAnswer, runsAnswer } from '../../console/pages/runs/schemas.ts';
import { closeLogger, createLogger, flushLogger } from '../../log/create-logger.ts';
import { ask, useConsole } from '../support/console.ts';
import { elementOf, pageText } from '../support/page-text.ts';
import { signIn } from '../support/visitor.ts';

const EVIL = '<img src=x onerror=alert(1)>';
/** A run whose ledger balances: 100 = 60 + 20 + 10 + 2 + 5 + 3. */
const WHOLE = {
  source: 'rentprog',
  account: 'tbilisi',
  entity: 'clients',
  mode: 'full',
  trigger: 'schedule',
  status: 'partial',
  started_at: '2026-01-03T20:30:00Z',
  finished_at: '2026-01-03T20:30:58Z',
  ...{ fetched: 100, inserted: 60, updated: 20, unchanged: 10, stale: 2, parked: 5, quarantined: 3 },
  ...{ requests: 104, pages_done: 102, pages_failed: 2 },
};

describe('the runs', () => {
  const web = useConsole({ name: 'postgres' });

  const open = async (options = {}) => {
    await sql`truncate sync_log, sync_issues, sync_pages cascade`.execute(web.connection.db);
    return web.open(options);
  };
  const addRun = async (run: object): Promise<string> => {
    const row = JSON.stringify({ ...WHOLE, ...run });
    const { rows } = await sql<{ id: string }>`
      insert into sync_log (source, account, entity, mode, trigger, status, started_at, finished_at, fetched, inserted, updated,
        unchanged, stale, parked, quarantined, requests, pages_done, pages_failed, error, period)
      select source, account, entity, mode, trigger, status, started_at, finished_at, fetched, inserted, updated,
        unchanged, stale, parked, quarantined, requests, pages_done, pages_failed, error, period
      from json_populate_record(null::sync_log, ${row}::json) returning id`.execute(web.connection.db);
    return rows[0]!.id;
  };
  const namesOf = (page: string) =>
    [...page.matchAll(/<tr id="run-[^>]*><th scope="row"><a [^>]*>([^<]*)/g)].map(([, name]) => name);

  test('are listed with what came of them, newest first', async () => {
    const url = await open();
    expect(pageText(elementOf((await ask(`${url}/runs`)).text, 'runs'))).toContain('No run yet.');
    await addRun({});
    await addRun({
      entity: 'bookings',
      started_at: '2026-01-04T08:00:00Z',
      finished_at: '2026-01-04T08:03:05Z',
      error: `no: ${EVIL}`,
    });
    const { text } = await ask(`${url}/runs`, 'GET', { accept: 'text/html' });
    const list = pageText(elementOf(text, 'runs'));
    expect(namesOf(text)).toEqual(['bookings', 'clients']);
    expect(list).toContain(
      `rentprog / tbilisi partial no: ${EVIL} 4 Jan, 12:00:00 GMT+4 3 min 5 s everything schedule 100 60 20 8 104`,
    );
    expect(list).toContain('clients rentprog / tbilisi partial 4 Jan, 00:30:00 GMT+4 58 s');
    expect(text).not.toContain('<img');
  });

  test('are narrowed by account, entity, status, trigger, kind and days of the account', async () => {
    const url = await open();
    await addRun({ entity: 'early', started_at: '2026-01-03T19:59:59Z' });
    await addRun({ entity: 'late', started_at: '2026-01-03T20:00:00Z', status: 'failed', trigger: 'manual' });
    await addRun({
      entity: 'other',
      account: 'batumi',
      started_at: '2026-01-05T20:00:00Z',
      mode: 'incremental',
      status: 'succeeded',
    });
    const listed = async (query: string) => namesOf((await ask(`${url}/runs?${query}`)).text);
    expect(await listed('')).toEqual(['other', 'late', 'early']);
    expect(await listed('source=rentprog&account=tbilisi')).toEqual(['late', 'early']);
    expect(await listed('of=rentprog%2Fbatumi&entity=&status=&trigger=&mode=&from=&to=')).toEqual(['other']);
    expect(await listed('entity=late')).toEqual(['late']);
    expect(await listed('status=failed')).toEqual(['late']);
    expect(await listed('status=unwell')).toEqual(['late', 'early']);
    expect(await listed('trigger=manual')).toEqual(['late']);
    expect(await listed('mode=incremental')).toEqual(['other']);
    expect(await listed('from=2026-01-04')).toEqual(['other', 'late']);
    expect(await listed('to=2026-01-03')).toEqual(['early']);
    expect(await listed('from=2026-01-04&to=2026-01-04')).toEqual(['late']);
    const none = await ask(`${url}/runs?entity=${encodeURIComponent(EVIL)}`);
    expect(pageText(elementOf(none.text, 'runs'))).toContain('No run is like this.');
    expect((await ask(`${url}/runs?status=odd`)).status).toBe(400);
    const filters = (await ask(`${url}/runs?of=rentprog/tbilisi&status=unwell&from=2026-01-04`)).text;
    expect(filters).toContain('<option value="rentprog/tbilisi" selected>');
    expect(filters).toContain('<option value="unwell" selected>');
    expect(filters).toContain('name="from" value="2026-01-04"');
    expect(pageText(filters)).toContain('Days are those of Asia/Tbilisi.');
  });

  test('come in parts that go on where the last one ended, filters and all', async () => {
    const url = await open();
    for (let n = 0; n < 5; n++) await addRun({ entity: `e${n}`, started_at: `2026-01-03T20:00:00.00000${n}Z` });
    await addRun({ entity: 'not-asked', account: 'batumi' });
    const seen: (string | undefined)[] = [];
    let path = '/runs?account=tbilisi&limit=2';
    for (let part = 0; path && part < 5; part++) {
      const { text } = await ask(url + path);
      seen.push(...namesOf(text));
      path = /<a href="([^"]+)" rel="next"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    }
    expect(seen).toEqual(['e4', 'e3', 'e2', 'e1', 'e0']);
  });

  test('show one run: where its records are, balanced, as a picture and as numbers', async () => {
    const url = await open();
    const id = await addRun({ error: `Page 17: ${EVIL}`, period: '2026-01-01..2026-01-03' });
    const { text } = await ask(`${url}/runs/${id}`, 'GET', { accept: 'text/html' });
    expect(pageText(elementOf(text, 'facts'))).toContain(
      `Error: Page 17: ${EVIL} Status partial Began 4 Jan 2026, 00:30:00 GMT+4`,
    );
    expect(pageText(elementOf(text, 'facts'))).toContain('Days asked for 2026-01-01 – 2026-01-03');
    const ledger = elementOf(text, 'ledger');
    expect(pageText(ledger)).toContain(
      '100 = 60 new + 20 changed + 10 as before + 2 older + 5 waiting + 3 quarantined ✓ The ledger balances.',
    );
    expect(ledger).toContain(
      'aria-label="100 records fetched: 60 new, 20 changed, 10 as before, 2 older, 5 waiting, 3 quarantined"',
    );
    expect(ledger).toMatch(/<rect class="inserted" x="0.0" y="0" width="\d{3}\.\d"/);
    expect(pageText(ledger)).toContain('new 60 60% written to the table for the first time');
    expect(text).not.toContain('<img');
    const russian = await ask(`${url}/runs/${id}`, 'GET', { 'accept-language': 'ru' });
    expect(pageText(elementOf(russian.text, 'ledger'))).toContain('60 новые + 20 изменённые');
  });

  test('say when a ledger does not balance, and by how much', async () => {
    const url = await open();
    const id = await addRun({ inserted: 55 });
    const ledger = pageText(elementOf((await ask(`${url}/runs/${id}`)).text, 'ledger'));
    expect(ledger).toContain('100 ≠ 55 new');
    expect(ledger).toContain('✗ The ledger does not balance: it is off by 5.');
  });

  test('hold the requests of a run against what the vendor allows', async () => {
    const url = await open();
    const id = await addRun({});
    const floor = elementOf((await ask(`${url}/runs/${id}`)).text, 'floor');
    expect(pageText(floor)).toContain('51 s needed at 120/min, took 58 s.');
    expect(pageText(floor)).toContain('read 102 120 51 s search 2 30 4 s');
    const russian = await ask(`${url}/runs/${id}`, 'GET', { 'accept-language': 'ru' });
    expect(pageText(elementOf(russian.text, 'floor'))).toContain('Нужно было 51 с при 120/мин, ушло 58 с.');
    const without = await addRun({ requests: 0 });
    expect(pageText(elementOf((await ask(`${url}/runs/${without}`)).text, 'floor'))).toContain('has sent no request');
  });

  test('show pages and issues as text, whatever is in them', async () => {
    const url = await open();
    const id = await addRun({});
    await sql`insert into sync_pages (run_id, page, state, kind, records, error) values
      (${id}::uuid, ${`1.${EVIL}`}, 'failed', 'list', null, ${`gone: ${EVIL}`}), (${id}::uuid, '1.2', 'done', 'list', 50, null)`.execute(
      web.connection.db,
    );
    await sql`insert into sync_issues (source, account, entity, external_id, kind, message, run_id, resolved_at, resolution) values
      ('rentprog', 'tbilisi', 'clients', ${EVIL}, 'invalid_record', ${`message ${EVIL}`}, ${id}::uuid, null, null),
      ('rentprog', 'tbilisi', 'clients', null, 'unavailable', 'no answer', ${id}::uuid, now(), ${`by ${EVIL}`})`.execute(
      web.connection.db,
    );
    const { text } = await ask(`${url}/runs/${id}`);
    expect(pageText(elementOf(text, 'pages'))).toContain(`1.${EVIL} the list failed gone: ${EVIL} –`);
    expect(pageText(elementOf(text, 'pages'))).toContain('1.2 the list read 50');
    const issues = elementOf(text, 'issues');
    expect(pageText(issues)).toContain(`clients ${EVIL} invalid record open message ${EVIL}`);
    expect(pageText(issues)).toContain('clients: the whole list source did not answer resolved');
    expect(issues).toContain(
      `href="/records/rentprog/clients/${encodeURIComponent(EVIL)}?account=tbilisi"`.replaceAll("'", '&#39;'),
    );
    expect(text).not.toContain('<img');
  });

  test('show the log lines of a run from the files of this machine', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pmsync-runs-'));
    const log = createLogger({ level: 'info', dir: folder, consoleLevel: 'silent' });
    try {
      web.context = { ...web.context, log };
      const url = await open();
      const now = new Date().toISOString();
      const id = await addRun({ started_at: now, finished_at: null, status: 'running' });
      log.info({ runId: id, job: 'fetch-page', page: '1.7', outcome: '10 fetched', durationMs: 12 }, 'fetch-page');
      log.error({ runId: id, err: new Error(`the answer was ${EVIL}`) }, `refused ${EVIL}`);
      log.info({ runId: 'another' }, 'not of this run');
      flushLogger(log);
      const { text } = await ask(`${url}/runs/${id}`);
      const shown = pageText(elementOf(text, 'log'));
      expect(shown).toMatch(/info fetch-page: 10 fetched page=1.7 durationMs=12/);
      expect(shown).toContain(`error refused ${EVIL} the answer was ${EVIL}`);
      expect(shown).not.toContain('not of this run');
      expect(text).not.toContain('<img');
      expect(pageText(elementOf(text, 'facts'))).toContain('so far');
    } finally {
      closeLogger(log);
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('answer programs with the same, as the description says', async () => {
    const url = await open();
    const id = await addRun({});
    await sql`insert into sync_pages (run_id, page, state, kind, records) values (${id}::uuid, '1.2', 'done', 'list', 50)`.execute(
      web.connection.db,
    );
    const list = JSON.parse((await ask(`${url}/api/runs?of=rentprog`)).text);
    expect(runsAnswer.parse(list)).toEqual(list);
    expect(list).toMatchObject({ rows: [{ id, status: 'partial', fetched: 100 }], next: null, zone: 'Asia/Tbilisi' });
    const run = JSON.parse((await ask(`${url}/api/runs/${id}`)).text);
    expect(runAnswer.parse(run)).toEqual(run);
    expect(run).toMatchObject({
      ledger: { fetched: 100, balanced: true },
      floor: {
        took_s: 58,
        parts: [
          { rate_class: 'read', requests: 1 },
          { rate_class: 'search', requests: 103 },
        ],
      },
      log: null,
    });
  });

  test('are not found under another id, and may be looked at by viewers', async () => {
    const url = await open({ password: 'the admin word', viewerPassword: 'the viewer word' });
    const id = await addRun({});
    const viewer = await signIn(url, 'the viewer word');
    expect((await viewer.get(`/runs/${id}`)).status).toBe(200);
    expect((await viewer.get('/runs')).text).toContain(id);
    for (const wrong of ['00000000-0000-4000-8000-000000000000', 'x', encodeURIComponent(EVIL)]) {
      expect((await viewer.get(`/runs/${wrong}`)).status, wrong).toBe(404);
    }
  });
});
