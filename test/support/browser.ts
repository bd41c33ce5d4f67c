import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const ARGS = ['--no-sandbox', '--disable-gpu', '--no-first-run'].concat(
  ['background-networking', 'component-update', 'sync'].map((name) => `--disable-${name}`),
);
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Bull Board would like fonts of another site, which the console does not allow. */
const HARMLESS = /fonts\.googleapis\.com|favicon\.ico/;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const IN_PAGE = fileURLToPath(new URL('in-page.js', import.meta.url));

/** Undefined on a machine without Chromium: said loudly, and in CI an error. */
export function findBrowser(): string | undefined {
  const found = BROWSERS.find(existsSync);
  if (found) return found;
  const message = `NO BROWSER: the console is not looked at. Install chromium (one of ${BROWSERS.join(', ')}).`;
  if (process.env.CI) throw new Error(message);
  process.stderr.write(`\n${message}\n`);
  return undefined;
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findBrowser() ?? '', headless: true, args: ARGS });
}

/** A window of its own, with its own cookies. Nothing moves in it, so colours are what they are at once. */
export interface BrowserWindow {
  page: Page;
  /** What its pages could not do so far: blocked by the policy, missing, broken, and every dialog, which none of ours opens. */
  faults: string[];
}

/** `withAxe`: its pages can be judged by `violationsOf`. */
export async function openWindow(
  browser: Browser,
  { withAxe = false, ...options }: BrowserContextOptions & { withAxe?: boolean } = {},
): Promise<BrowserWindow> {
  const context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce', ...options });
  // Not by script elements, which the console's policy would refuse.
  if (withAxe) await context.addInitScript({ path: AXE });
  await context.addInitScript({ path: IN_PAGE });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    const text = `${message.text()} ${message.location().url}`;
    if (message.type() === 'error' && !HARMLESS.test(text)) faults.push(text);
  });
  page.on('pageerror', (error) => void faults.push(error.message));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, faults };
}

/** Calls what `in-page.js` has under that name. */
export function askPage<T>(page: Page, name: string, ...args: readonly unknown[]): Promise<T> {
  return page.evaluate(`inPage.${name}(...${JSON.stringify(args)})`) as Promise<T>;
}

/** What axe finds serious or critical on the page, each with the first element it is found at. */
export async function violationsOf(page: Page): Promise<string[]> {
  const found = await askPage<{ id: string; impact: string; text: string }[]>(page, 'violations');
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, text }) => `${id}: ${text}`);
}
