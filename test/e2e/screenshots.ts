/**
 * `npm run screenshots`: every page of the console, in both languages, on a desk and on a phone, light and dark, into
 * `screenshots/`. Of a demo of its own, or with `SCREENSHOTS_OF=<url>` of a console that runs without a password.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { consolePages } from '../support/console-pages.ts';
import { createHome } from '../support/pmsync-process.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;
const FOLDER = 'screenshots';
const WIDTHS = { desk: { width: 1280, height: 800 }, phone: { width: 375, height: 740 } };

const home = process.env.SCREENSHOTS_OF ? undefined : createHome();
const url = process.env.SCREENSHOTS_OF ?? (await startDemo());
/** Names of pages to take; all of them by default. */
const chosen = process.argv.slice(2);

try {
  const pages = await consolePages((path) => answerOf('GET', path));
  mkdirSync(FOLDER, { recursive: true });
  const browser = await launchBrowser();
  for (const language of ['en', 'ru']) {
    for (const [size, viewport] of Object.entries(WIDTHS)) {
      const { page, faults } = await openWindow(browser, { viewport, locale: language });
      for (const [name, path] of Object.entries(pages)) {
        if (chosen.length > 0 && !chosen.includes(name)) continue;
        await page.goto(url + path);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          const file = join(FOLDER, `${name}-${language}-${size}-${colorScheme}.png`);
          await page.screenshot({ path: file, fullPage: true, animations: 'disabled' });
        }
      }
      for (const fault of new Set(faults)) process.stderr.write(`${fault}\n`);
      await page.context().close();
    }
  }
  await browser.close();
} finally {
  await home?.remove();
}

/** With something done, so that no page is empty. */
async function startDemo(): Promise<string> {
  const demo = home?.start(['demo', '--records', '300']);
  const [, started = ''] = await waitFor(() => /The demo stays up: (http:\S+) /.exec(demo?.stderr() ?? ''), {
    describe: 'the demo says where its console is',
    timeoutMs: 120 * SECOND,
  });
  await answerOf(
    'POST',
    '/api/requeue',
    { target: 'rentprog/bookings', ids: '900101 900102 1', reason: 'a try' },
    started,
  );
  await answerOf('POST', '/api/pause', { source: 'litepms', account: 'riverside', reason: 'new key' }, started);
  return started;
}

async function answerOf<T>(method: string, path: string, body?: object, at = url): Promise<T> {
  const asked = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const answer = await fetch(at + path, { method, ...asked });
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
