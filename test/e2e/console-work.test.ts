import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowsedConsole, openBrowsedConsole } from '../support/browsed-console.ts';
import { askPage, type BrowserWindow, findBrowser } from '../support/browser.ts';
import { waitFor } from '../support/wait-for.ts';

/** What a viewer may post: the way out. */
const FOR_VIEWERS = ['/sign-out', '/sign-in'];

describe.skipIf(!findBrowser())('work in the console', () => {
  let open: BrowsedConsole;
  let anna: BrowserWindow;
  let gone: number;

  beforeAll(async () => {
    open = await openBrowsedConsole({
      backend: 'postgres',
      simulator: { faults: { brokenRecords: 2 }, goneClients: 2, missingClients: 0 },
    });
    gone = open.world.simulator.truth().goneClientIds[0] ?? 0;
    await open.read();
    anna = await open.signIn('admin', 'Anna');
  });
  afterAll(() => open?.close());

  const audited = async (action: string) =>
    (
      await sql<{ actor: string; reason: string | null }>`
      select actor, details ->> 'reason' as reason from audit_log where action = ${action} order by id`.execute(
        open.world.db,
      )
    ).rows;

  /** Of an account on the overview. */
  const accountOf = (page: Page, name: string) =>
    page.locator('details.account').filter({ has: page.locator('summary strong', { hasText: name }) });

  test('pauses an account with a reason, shows it grey, and resumes it', async () => {
    const { page, faults } = anna;
    await page.goto(open.url);
    const account = accountOf(page, 'tbilisi');
    await account.getByText('Run or pause …').click();
    await account.getByLabel('Reason (for the log)').fill('the vendor moves');
    await account.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('status').filter({ hasText: 'Paused. Nothing new is read' }).waitFor();
    expect(await account.locator('summary .light').innerText()).toBe('paused');
    expect(await account.locator('summary .light').getAttribute('class')).toContain('grey');
    expect(await account.innerText()).toMatch(/Paused by Anna, .*: the vendor moves/);
    expect(await account.getByRole('button', { name: /^Run now: / }).count()).toBe(0);
    const runs = (await open.world.runs()).length;
    const refused = await open.post<{ requested: unknown[] }>('/api/run', { source: 'rentprog', account: 'tbilisi' });
    expect(refused.requested).toEqual([]);
    expect(await open.world.runs()).toHaveLength(runs);

    await account.getByRole('button', { name: /^Resume: .*tbilisi/ }).click();
    await page.getByRole('status').filter({ hasText: 'Resumed.' }).waitFor();
    expect(await account.locator('summary .light').getAttribute('class')).not.toContain('grey');
    expect(await audited('pause')).toEqual([{ actor: 'Anna', reason: 'the vendor moves' }]);
    expect(await audited('resume')).toMatchObject([{ actor: 'Anna' }]);
    expect(faults).toEqual([]);
  });

  test('runs an entity now, and the page follows the run by itself', async () => {
    const { page, faults } = anna;
    await page.goto(open.url);
    const ours = new Set((await open.world.runs()).map(({ id }) => id));
    await page.getByRole('button', { name: /^Run now: cars, .*batumi/ }).click();
    await page.getByRole('status').filter({ hasText: 'Asked for.' }).waitFor();
    const run = await waitFor(
      async () => (await open.world.runs()).find(({ id, status }) => !ours.has(id) && status !== 'running'),
      { describe: 'the run is over' },
    );
    expect(run).toMatchObject({ entity: 'cars', account: 'batumi', trigger: 'manual' });
    await page.locator(`a[href="/runs/${run.id}"]`).first().waitFor({ state: 'attached' });
    await page.goto(`${open.url}/runs/${run.id}`);
    expect(await page.locator('main').innerText()).toContain('succeeded');
    expect(faults).toEqual([]);
  });

  test('prints the report of a day in Russian, without what is for the screen only', async () => {
    const { page, faults } = await open.signIn('admin', 'Анна', { locale: 'ru-RU' });
    await page.getByRole('navigation', { name: 'Страницы' }).getByRole('link', { name: 'Отчёты' }).click();
    const causes = await open.json<{ rows: { parent: { external_id: string } | null; accounts: string[] }[] }>(
      '/api/issues?kind=missing_parent',
    );
    const [branch = ''] = causes.rows.find(({ parent }) => parent?.external_id === String(gone))?.accounts ?? [];
    await page.getByLabel('Аккаунт').selectOption(`rentprog/${branch}`);
    await page.getByRole('button', { name: 'Показать' }).click();
    await page.waitForURL(/target=/);
    await page.getByRole('button', { name: 'Напечатать' }).waitFor();

    await page.emulateMedia({ media: 'print' });
    const printed = await page.locator('body').innerText();
    expect(printed).toMatch(/^Отчёт об ошибках/m);
    for (const words of [branch, `clients/${gone}`, 'Анализ', 'Рекомендации', './pmsync'])
      expect(printed).toContain(words);
    for (const words of ['Обзор', 'Напечатать', 'Markdown', 'Выйти']) expect(printed).not.toContain(words);
    const paper = await page.pdf({ format: 'A4' });
    expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('is not for viewers: they see no buttons, and what they forge is refused', async () => {
    const { page, faults } = await open.signIn('viewer', 'Viktor');
    const { rows } = await open.json<{ rows: { cause: string }[] }>('/api/issues');
    for (const path of [
      '/',
      '/issues',
      `/issues/${rows[0]?.cause}`,
      '/requeue',
      '/reports',
      '/records/rentprog/bookings/1',
    ]) {
      await page.goto(open.url + path);
      const actions = await page
        .locator('form[method=post]')
        .evaluateAll((forms) => forms.map((form) => form.getAttribute('action')));
      expect(
        actions.filter((action) => !FOR_VIEWERS.includes(action ?? '')),
        path,
      ).toEqual([]);
    }
    const account = { source: 'rentprog', account: 'tbilisi' };
    const forged = await Promise.all([
      askPage(page, 'post', '/pause', account),
      askPage(page, 'post', '/run', account),
      askPage(page, 'post', '/requeue', { target: 'rentprog/bookings', ids: '900101' }),
      askPage(page, 'post', `/issues/${rows[0]?.cause}/dismiss`, { all: 'on', dismiss_reason: 'forged' }),
    ]);
    expect(forged).toEqual([403, 403, 403, 403]);
    expect(await audited('dismiss')).toEqual([]);
    await page.goto(`${open.url}/queues`);
    await page.waitForURL(/\/queues-read-only/);
    expect(faults.filter((fault) => !fault.includes('403'))).toEqual([]);
    await page.context().close();
  });

  test('can be done with the keyboard alone', async () => {
    const { page, faults } = anna;
    const { rows } = await open.json<{ rows: { cause: string }[] }>('/api/issues?kind=missing_parent');
    await page.goto(`${open.url}/issues/${rows[0]?.cause}`);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('To the content');
    await page.keyboard.press('Enter');
    const order: string[] = [];
    for (let presses = 0; presses < 30 && order.at(-1) !== 'Re-queue'; presses++) {
      await page.keyboard.press('Tab');
      const name = await focused(page);
      order.push(name);
      if (name.startsWith('Choose ') && name !== 'Choose all on this page') await page.keyboard.press('Space');
    }
    const steps = [
      '← All issues',
      'open',
      'Choose all on this page',
      'Choose booking',
      'Reason',
      'Read them again',
      'Re-queue',
    ];
    const places = steps.map((step) => order.findIndex((name) => name.startsWith(step)));
    expect(places, order.join(' | ')).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/requeue\/\d+$/);
    expect(faults).toEqual([]);
  });
});

/** What has the focus, as it is called. */
const focused = (page: Page) => askPage<string>(page, 'focused');
