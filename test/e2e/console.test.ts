import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openQueues, type Queues } from '../../jobs/queues.ts';
import { backendNames, openWorld, type PmsyncWorld } from '../support/pmsync-world.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;
const ARGS = ['--no-sandbox', '--disable-gpu', '--no-first-run'].concat(
  ['background-networking', 'component-update', 'sync'].map((name) => `--disable-${name}`),
);
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Bull Board would like fonts of another site, which the console does not allow. */
const HARMLESS = /fonts\.googleapis\.com|favicon\.ico/;
const executablePath = BROWSERS.find(existsSync);

if (!executablePath) {
  const message = `NO BROWSER: the console is not looked at. Install chromium (one of ${BROWSERS.join(', ')}).`;
  if (process.env.CI) throw new Error(message);
  process.stderr.write(`\n${message}\n`);
}

const payload = (entity: string) => ({
  source: 'rentprog',
  account: 'tbilisi',
  entity,
  mode: 'full',
  trigger: 'manual',
});

describe.skipIf(!executablePath).each(backendNames())('the console in a browser, with the queue on %s', (backend) => {
  let world: PmsyncWorld;
  let queues: Queues;
  let browser: Browser;
  let page: Page;
  let url: string;
  /** What the page could not do: blocked by the policy, missing, broken. */
  const faults: string[] = [];

  beforeAll(async () => {
    world = await openWorld({ backend });
    queues = openQueues({ redisUrl: world.redis?.url, databaseUrl: world.databaseUrl, onError: () => {} });
    browser = await chromium.launch({ executablePath: executablePath ?? '', headless: true, args: ARGS });
    page = await browser.newPage({ locale: 'en-US' });
    page.on('console', (message) => {
      const text = `${message.text()} ${message.location().url}`;
      if (message.type() === 'error' && !HARMLESS.test(text)) faults.push(text);
    });
    page.on('pageerror', (error) => void faults.push(error.message));
    const system = world.home.start(['start', '--role', 'all']);
    const [, address = ''] = await waitFor(() => /Console: (http:\S+)/.exec(system.stderr()), {
      describe: 'the console says where it is',
      timeoutMs: 30 * SECOND,
    });
    url = address;
    expect(await world.home.run(['sync', '--entity', 'cars', '--wait'])).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await browser?.close();
    await queues?.close();
    await world?.close();
  });

  test('shows every account and entity on its first page', async () => {
    await page.goto(url);
    const text = await page.locator('body').innerText();
    for (const name of ['rentprog', 'tbilisi', 'batumi', 'clients', 'cars', 'bookings']) expect(text).toContain(name);
    await page.getByRole('link', { name: /queue/i }).first().click();
    await page.waitForURL(/\/queues/);
    expect(faults).toEqual([]);
  });

  test('shows every queue, a failed job and why, and runs it again', async () => {
    // No source has such an entity, so the job fails as often as it is tried.
    const job = await queues.queue('sync').add('plan-sync', payload('boats'));
    await waitFor(async () => (await queues.queue('sync').getJobState(job.id ?? '')) === 'failed', {
      describe: 'the job has failed',
      timeoutMs: 20 * SECOND,
    });

    await page.goto(`${url}/queues`);
    for (const name of ['sync', 'apply', 'tbilisi', 'batumi']) {
      await page.getByText(name, { exact: false }).first().waitFor();
    }
    await page.goto(`${url}/queues/queue/sync?status=failed`);
    await page.getByText('boats').first().waitFor();
    await job.updateData(payload('clients'));
    // Its buttons have no names; the first one beside the title is "Retry".
    await page.getByText('plan-sync', { exact: true }).locator('xpath=following::button[1]').click();
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('boats').waitFor({ state: 'detached' });
    await waitFor(async () => (await queues.queue('sync').getJobState(job.id ?? '')) === 'completed', {
      describe: 'the job has run again',
    });
    await waitFor(async () => (await world.runs()).find((run) => run.entity === 'clients')?.status === 'succeeded', {
      describe: 'what the job began is done',
      timeoutMs: 20 * SECOND,
    });
    expect(faults).toEqual([]);
  });
});
