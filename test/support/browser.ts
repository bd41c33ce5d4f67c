import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const ARGS = ['--no-sandbox', '--disable-gpu', '--no-first-run'].concat(
  ['background-networking', 'component-update', 'sync'].map((name) => `--disable-${name}`),
);
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Bull Board would like fonts of another site, which the console does not allow. */
const HARMLESS = /fonts\.googleapis\.com|favicon\.ico/;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

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

/** A window of its own, with its own cookies. */
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
  const context = await browser.newContext({ locale: 'en-US', ...options });
  // So and not by a script element, which the console's policy would refuse.
  if (withAxe) await context.addInitScript({ path: AXE });
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

interface Axe {
  run(
    context: Document,
    options: object,
  ): Promise<{
    violations: { id: string; impact?: string | null; nodes: { html: string; any: { message: string }[] }[] }[];
  }>;
}

/** What axe finds serious or critical on the page, each with the first element it is found at. `only`: of these rules. */
export async function violationsOf(page: Page, only?: readonly string[]): Promise<string[]> {
  const violations = await page.evaluate(async (rules) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const found = await axe.run(document, {
      resultTypes: ['violations'],
      ...(rules && { runOnly: { type: 'rule', values: rules } }),
    });
    return found.violations;
  }, only);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes: [first] }) => `${id}: ${first?.html} ${first?.any[0]?.message ?? ''}`);
}
