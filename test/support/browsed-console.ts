import type { Browser } from 'playwright-core';
import { type BrowserWindow, launchBrowser, openWindow } from './browser.ts';
import { ask, basic } from './console.ts';
import { openWorld, type PmsyncWorld, type WorldOptions } from './pmsync-world.ts';
import { waitFor } from './wait-for.ts';

const SECOND = 1000;
const ENTITIES = 3;
const PASSWORDS = { admin: 'the admin word', viewer: 'the viewer word' };

/** `./pmsync start` with a vendor, a database and a queue, and people in front of it. */
export interface BrowsedConsole {
  world: PmsyncWorld;
  url: string;
  browser: Browser;
  /** What a path under `/api` answers to the admin. Throws unless it went well. */
  json<T>(path: string): Promise<T>;
  /** The same of a change. */
  post<T>(path: string, body: unknown): Promise<T>;
  /** Signs in by the form. */
  signIn(
    role: keyof typeof PASSWORDS,
    name: string,
    options?: Parameters<typeof openWindow>[1],
  ): Promise<BrowserWindow>;
  /** Everything of every account has been read once. */
  read(): Promise<void>;
  close(): Promise<void>;
}

export async function openBrowsedConsole(options: WorldOptions): Promise<BrowsedConsole> {
  const world = await openWorld({
    ...options,
    env: { CONSOLE_PASSWORD: PASSWORDS.admin, CONSOLE_VIEWER_PASSWORD: PASSWORDS.viewer, ...options.env },
    simulator: { bookings: 60, clients: 40, cars: 12, latencyMs: [5, 15], ...options.simulator },
  });
  const closings = [world.close];
  const close = async () => {
    for (const closing of closings.splice(0).reverse()) await closing();
  };
  try {
    const system = world.home.start(['start', '--role', 'all']);
    const browser = await launchBrowser();
    closings.push(() => browser.close());
    const isThere = () => /Console: (http:\S+)/.exec(system.stderr());
    await waitFor(() => isThere() ?? !system.isRunning(), {
      describe: 'the console says where it is',
      timeoutMs: 60 * SECOND,
    });
    const [, url] = isThere() ?? [];
    if (!url) throw new Error(`pmsync start has ended: ${system.stderr()}`);
    return { world, url, browser, close, ...visitsTo(url, browser, world) };
  } catch (error) {
    await close();
    throw error;
  }
}

function visitsTo(url: string, browser: Browser, world: PmsyncWorld) {
  const headers = { ...basic(PASSWORDS.admin), accept: 'application/json' };
  const answerTo = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const sent = body === undefined ? '' : JSON.stringify(body);
    const more = sent === '' ? {} : { 'content-type': 'application/json' };
    const { status, text } = await ask(url + path, method, { ...headers, ...more }, sent);
    if (status !== 200 && status !== 201) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
    return JSON.parse(text) as T;
  };
  const post = <T>(path: string, body: unknown) => answerTo<T>('POST', path, body);
  return {
    post,
    json: <T>(path: string) => answerTo<T>('GET', path),
    async signIn(role: keyof typeof PASSWORDS, name: string, options: Parameters<typeof openWindow>[1] = {}) {
      const opened = await openWindow(browser, options);
      const { page } = opened;
      await page.goto(`${url}/sign-in`);
      await page.locator('[name=name]').fill(name);
      await page.locator('[name=password]').fill(PASSWORDS[role]);
      await page.locator('main button').click();
      await page.waitForURL(`${url}/`);
      return opened;
    },
    async read() {
      const { branches } = world.simulator;
      for (const { name } of branches) await post('/api/run', { source: 'rentprog', account: name });
      const all = branches.length * ENTITIES;
      // The hotel's runs begin by themselves.
      const closed = async () =>
        (await world.runs()).filter(({ source, status }) => source === 'rentprog' && status !== 'running');
      await waitFor(async () => (await closed()).length >= all, {
        describe: 'every run has closed',
        timeoutMs: 60 * SECOND,
        intervalMs: 100,
      });
      await world.settled();
    },
  };
}
