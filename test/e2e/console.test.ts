import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openQueues, type Queues } from '../../jobs/queues.ts';
import { type BrowsedConsole, openBrowsedConsole } from '../support/browsed-console.ts';
import { type BrowserWindow, findBrowser } from '../support/browser.ts';
import { backendNames } from '../support/pmsync-world.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;
const payload = (entity: string) => ({
  source: 'rentprog',
  account: 'tbilisi',
  entity,
  mode: 'full',
  trigger: 'manual',
});

describe.skipIf(!findBrowser()).each(backendNames())('the console in a browser, with the queue on %s', (backend) => {
  let open: BrowsedConsole;
  let queues: Queues;
  let anna: BrowserWindow;

  beforeAll(async () => {
    open = await openBrowsedConsole({ backend, simulator: { faults: { brokenRecords: 1 } } });
    const { redis, databaseUrl } = open.world;
    queues = openQueues({ redisUrl: redis?.url, databaseUrl, onError: () => {} });
    await open.read();
    anna = await open.signIn('admin', 'Anna');
  });
  afterAll(async () => {
    await queues?.close();
    await open?.close();
  });

  test('shows every account and entity on its first page', async () => {
    const { page, faults } = anna;
    const text = await page.locator('main').innerText();
    for (const name of ['RentProg', 'tbilisi', 'batumi', 'clients', 'cars', 'bookings']) expect(text).toContain(name);
    expect(await page.locator('header').innerText()).toContain('Anna');
    expect(faults).toEqual([]);
  });

  test('leads from a failed booking to its re-queue by id, and the receipt fills in while one looks', async () => {
    const { page, faults } = anna;
    const { simulator, db } = open.world;
    const id = String(simulator.truth().brokenBookingIds[0]);
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Issues' }).click();
    const cause = page.getByRole('article').filter({ hasText: id });
    await cause.getByRole('link', { name: id, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: id }).waitFor();
    await page.getByText('quarantined').first().waitFor();

    await page.goBack();
    simulator.repairBrokenRecords();
    simulator.faults.slow = { ms: 2 * SECOND, rate: 1 };
    await page.getByRole('link', { name: 'Re-queue a list of ids' }).click();
    await page.getByLabel('Ids, between blanks').fill(`${id}, 987654321`);
    await page.getByRole('button', { name: 'Look at them first' }).click();
    await page.getByText('1 record is known').waitFor();
    await page.getByText('1 id is unknown').waitFor();
    await page.getByLabel('Reason').fill('mended there');
    await page.getByLabel('Read them again').check();
    await page.getByRole('button', { name: 'Re-queue 1 record' }).click();

    await page.waitForURL(/\/requeue\/\d+$/);
    const outcome = page.locator('#receipt [role=status]');
    expect(await outcome.innerText()).toContain('under way');
    await page.evaluate(() => Object.assign(globalThis, { isTheSamePage: true }));
    await outcome.getByText('All through: 1 record is stored whole.').waitFor();
    expect(await page.evaluate(() => 'isTheSamePage' in globalThis)).toBe(true);
    simulator.faults.slow = { ms: 0, rate: 0 };

    await page.goto(`${open.url}/issues?q=${id}`);
    await page.getByText('No issues like this.').waitFor();
    await page.goto(`${open.url}/issues?q=${id}&state=resolved`);
    await page.getByRole('article').filter({ hasText: id }).waitFor();
    const { rows } =
      await sql`select actor, details ->> 'reason' as reason from audit_log where action = 'requeue'`.execute(db);
    expect(rows).toEqual([{ actor: 'Anna', reason: 'mended there' }]);
    expect(faults).toEqual([]);
  });

  test('shows every queue, a failed job and why, and runs it again', async () => {
    const { page, faults } = anna;
    const before = (await open.world.runs()).length;
    // No source has such an entity, so the job fails as often as it is tried.
    const job = await queues.queue('sync').add('plan-sync', payload('boats'));
    await waitFor(async () => (await queues.queue('sync').getJobState(job.id ?? '')) === 'failed', {
      describe: 'the job has failed',
      timeoutMs: 20 * SECOND,
    });

    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Queues' }).click();
    await page.waitForURL(/\/queues/);
    for (const name of ['sync', 'apply', 'tbilisi', 'batumi']) {
      await page.getByText(name, { exact: false }).first().waitFor();
    }
    await page.goto(`${open.url}/queues/queue/sync?status=failed`);
    await page.getByText('boats').first().waitFor();
    await job.updateData(payload('clients'));
    // Its buttons have no names; the first one beside the title is "Retry".
    await page.getByText('plan-sync', { exact: true }).locator('xpath=following::button[1]').click();
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('boats').waitFor({ state: 'detached' });
    await waitFor(async () => (await queues.queue('sync').getJobState(job.id ?? '')) === 'completed', {
      describe: 'the job has run again',
    });
    await waitFor(
      async () => {
        const runs = await open.world.runs();
        return runs.length > before && runs.every(({ status }) => status !== 'running');
      },
      { describe: 'what the job began is done', timeoutMs: 20 * SECOND },
    );
    expect(faults).toEqual([]);
  });
});
