import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowsedConsole, openBrowsedConsole } from '../support/browsed-console.ts';
import { askPage, findBrowser, openWindow, violationsOf } from '../support/browser.ts';
import { consolePages } from '../support/console-pages.ts';

const IMAGE = '<img src=x onerror=alert(1)>';
const SCRIPT = `"'><script>alert(2)</script>`;
const HOSTILE = `${IMAGE}${SCRIPT}`;
const DAY_MS = 24 * 3600 * 1000;
const DESK = { width: 1280, height: 800 };
/** Elements that no page of ours has. */
const NOT_OURS = 'main img, main [onerror], main script:not([src^="/assets/"])';
/** The narrowest phones that people have. */
const PHONE = { width: 360, height: 740 };

describe.skipIf(!findBrowser())('every page of the console', () => {
  let open: BrowsedConsole;
  /** Of a booking that every text of has been made hostile. */
  let hostile: { booking: number; client: number; car: number };

  beforeAll(async () => {
    open = await openBrowsedConsole({
      backend: 'postgres',
      hasHotel: true,
      simulator: { bookings: 30, goneClients: 1, missingClients: 0 },
    });
    hostile = await makeHostile(open);
    await furnishHotel(open);
    await open.read();
    const ids = `${hostile.booking} 900102 1`;
    await open.post('/api/requeue', { target: 'rentprog/bookings', ids, reason: HOSTILE });
    await open.post('/api/pause', { source: 'rentprog', account: 'batumi', reason: HOSTILE });
  });
  afterAll(() => open?.close());

  const allPages = async (): Promise<Record<string, string>> => ({
    ...(await consolePages(open.json)),
    'hostile-booking': `/records/rentprog/bookings/${hostile.booking}`,
    'hostile-client': `/records/rentprog/clients/${hostile.client}`,
    'hostile-car': `/records/rentprog/cars/${hostile.car}`,
    'hostile-id': `/records/rentprog/clients/${encodeURIComponent(HOSTILE)}`,
    'hostile-search': `/records?q=${encodeURIComponent(HOSTILE)}`,
    'hostile-filter': `/issues?q=${encodeURIComponent(HOSTILE)}`,
  });

  // The colours are the same in every language, so each page is judged in both schemes, too.
  test.concurrent.each([
    ['en', 'light'],
    ['ru', 'dark'],
  ] as const)('is accessible, fits a phone, and shows what a vendor sends as text: %s, %s', async (locale, colorScheme) => {
    const { page, faults } = await open.signIn('admin', HOSTILE, {
      withAxe: true,
      viewport: DESK,
      locale,
      colorScheme,
    });
    const found: Record<string, string[]> = {};
    let shown = 0;
    for (const [name, path] of Object.entries(await allPages())) {
      await page.goto(open.url + path);
      await askPage(page, 'unfold');
      const problems = await violationsOf(page);
      const wide = await tooWide(page);
      if (wide) problems.push(wide);
      if (await page.locator(NOT_OURS).count()) problems.push('markup of a vendor');
      if (problems.length > 0) found[name] = problems;
      if ((await page.locator('main').innerText()).includes(IMAGE)) shown++;
    }
    expect(found).toEqual({});
    expect(shown).toBeGreaterThan(8);
    expect(faults.filter((fault) => !/404.*nothing-here/.test(fault))).toEqual([]);
    await page.context().close();
  });

  test('is accessible before one has signed in, too', async () => {
    for (const locale of ['en', 'ru']) {
      const { page, faults } = await openWindow(open.browser, { withAxe: true, locale });
      await page.goto(`${open.url}/issues?q=${encodeURIComponent(HOSTILE)}`);
      expect(page.url()).toContain('/sign-in');
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await violationsOf(page)).toEqual([]);
      }
      expect(await tooWide(page)).toBeUndefined();
      expect(faults).toEqual([]);
      await page.context().close();
    }
  });
});

/** Every text of a booking, its client and its car; another one that refers to a hostile id, and one that cannot be read. */
async function makeHostile({ world: { simulator } }: BrowsedConsole) {
  const { bookings } = simulator.truth();
  const [first, second, third] = bookings.filter(
    (booking) =>
      booking.client_id !== null &&
      booking.car_id !== null &&
      simulator.truth().clients.some(({ id }) => id === booking.client_id),
  );
  if (!first?.client_id || !first.car_id || !second || !third) throw new Error('The simulator has too few bookings.');
  const { mutate } = simulator;
  mutate.updateBooking(first.id, { ...hostileTexts(first), number: null });
  mutate.updateClient(
    first.client_id,
    hostileTexts(simulator.truth().clients.find(({ id }) => id === first.client_id)),
  );
  mutate.updateCar(first.car_id, hostileTexts(simulator.truth().cars.find(({ id }) => id === first.car_id)));
  mutate.updateBooking(second.id, { client_id: HOSTILE, client: null });
  mutate.updateBooking(third.id, { start_date: HOSTILE, [HOSTILE]: HOSTILE });
  return { booking: first.id, client: first.client_id, car: first.car_id };
}

/** A hotel with a guest of a hostile name, who stays from today on. */
async function furnishHotel({ post }: BrowsedConsole): Promise<void> {
  // In the hotel's zone, where it may be tomorrow already; Swedes write dates as ISO does.
  const day = (at: number) => new Date(at).toLocaleDateString('sv-SE', { timeZone: 'Europe/Moscow' });
  const [checkIn, checkOut] = [day(Date.now()), day(Date.now() + 3 * DAY_MS)];
  await post('/api/hotel/rooms', { id: 7, area: 24, price_per_night: '2850.50' });
  const guest = { last_name: IMAGE, first_name: '"><script>', passport_series: '4510', passport_number: '123456' };
  await post('/api/hotel/bookings', { check_in: checkIn, check_out: checkOut, room_id: 7, guests: [guest] });
}

/** Dates stay, so that the record can be stored. */
function hostileTexts(record: Record<string, unknown> = {}): Record<string, string> {
  const texts = Object.entries(record).filter(
    ([, value]) => typeof value === 'string' && !/^\d+[-.:T\d ]*$/.test(value),
  );
  return Object.fromEntries(texts.map(([name]) => [name, HOSTILE]));
}

/** Undefined when nothing of the page is pushed out of sight at the side. */
async function tooWide(page: Page): Promise<string | undefined> {
  await page.setViewportSize(PHONE);
  const { px, widest } = await askPage<{ px: number; widest: string[] }>(page, 'width');
  await page.setViewportSize(DESK);
  return px > PHONE.width ? `${px} px wide: ${widest.join(' … ')}` : undefined;
}
