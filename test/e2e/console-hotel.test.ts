import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowsedConsole, openBrowsedConsole } from '../support/browsed-console.ts';
import { type BrowserWindow, findBrowser } from '../support/browser.ts';
import { waitFor } from '../support/wait-for.ts';

const SECOND = 1000;
const DAY_MS = 24 * 3600 * SECOND;
const dayIn = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
/** Far enough from today that neither zone nor midnight matter. */
const [ARRIVAL, BETWEEN, DEPARTURE, LATER] = [dayIn(10), dayIn(11), dayIn(12), dayIn(14)];
const NEXT_GUEST = {
  'Last name': 'Sidorova',
  'First name': 'Vera',
  'Passport series': '4511',
  'Passport number': '654321',
};

describe.skipIf(!findBrowser())('a day at the desk of the house hotel', () => {
  let open: BrowsedConsole;
  let desk: BrowserWindow;

  beforeAll(async () => {
    open = await openBrowsedConsole({ backend: 'postgres', hasHotel: true, simulator: { branches: ['tbilisi'] } });
    desk = await open.signIn('admin', 'Anna');
    const { page } = desk;
    await page.goto(`${open.url}/hotel/rooms/new`);
    await fill(page, { Number: '7', 'Price per night': '2850.50', 'Area, m²': '24' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
  });
  afterAll(() => open?.close());

  /** As everybody who reads the common tables sees it. */
  const mirrored = async (id: string) => {
    const { rows } = await sql<{ price: string; status: string; arrival: string }>`
      select price::text, status, (check_in at time zone 'Europe/Moscow')::date::text as arrival from public.bookings
      where source = 'hotel' and external_id = ${id}`.execute(open.world.db);
    return rows[0];
  };

  test('makes a guest and a booking, and within a second it is in the common table', async () => {
    const { page, faults } = desk;
    await page.goto(`${open.url}/hotel/guests/new`);
    await fill(page, {
      'Last name': 'Petrov',
      'First name': 'Ilya',
      'Passport series': '4510',
      'Passport number': '12345',
    });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Passport number').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Passport number').fill('123456');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();

    await page.goto(`${open.url}/hotel/book`);
    await fill(page, { Arrival: ARRIVAL, Departure: DEPARTURE });
    await page.getByLabel('Room', { exact: true }).selectOption('7');
    await page.getByRole('status', { name: 'Price' }).getByText('5,701').waitFor();
    await page.getByLabel('Find a guest').pressSequentially('Petr');
    await page.getByRole('group', { name: 'Found guests' }).getByLabel('Petrov Ilya').check();
    await page.getByRole('button', { name: 'Book', exact: true }).click();
    await page.waitForURL(/\/hotel\/bookings\/\d+\?done=booked/, { waitUntil: 'commit' });
    const redirectedAt = performance.now();
    const id = idIn(page);
    await waitFor(() => mirrored(id), { describe: 'the booking is in public.bookings' });
    expect(performance.now() - redirectedAt).toBeLessThan(SECOND);
    expect(await mirrored(id)).toEqual({ price: '5701.00', status: 'confirmed', arrival: ARRIVAL });
    // Forms with a mistake in them are answered 422.
    expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
  });

  test('hits a conflict that names the other booking, and solves it with other dates', async () => {
    const { page, faults } = desk;
    await page.goto(`${open.url}/hotel/bookings`);
    const [taken = ''] = /\/hotel\/bookings\/\d+/.exec(await page.content()) ?? [];
    await page.goto(`${open.url}/hotel/book`);
    await fill(page, { Arrival: BETWEEN, Departure: LATER });
    await page.getByLabel('Room', { exact: true }).selectOption('7');
    await page.getByText('Or a new guest').click();
    await fill(page, NEXT_GUEST);
    await page.getByRole('button', { name: 'Book', exact: true }).click();
    await page.getByRole('alert').waitFor();
    const conflict = page.locator('.conflict');
    expect(await conflict.innerText()).toMatch(/The room is taken by booking \d+/);
    expect(await conflict.getByRole('link', { name: 'Look at booking' }).getAttribute('href')).toBe(taken);
    expect(await page.getByLabel('Last name').inputValue()).toBe('Sidorova');

    // The day of departure is free for the next guest.
    await page.getByLabel('Arrival').fill(DEPARTURE);
    await conflict.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Book', exact: true }).click();
    await page.waitForURL(/\/hotel\/bookings\/\d+\?done=booked/);
    expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
  });

  test('changes the price of the room: what is booked keeps its total, a new booking takes the new price', async () => {
    const { page, faults } = desk;
    const id = idIn(page);
    await page.goto(`${open.url}/hotel/rooms/7/edit`);
    await page.getByLabel('Price per night').fill('4000');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    await page.goto(`${open.url}/hotel/bookings/${id}`);
    expect(await page.locator('.facts').innerText()).toContain('5,701');
    expect(await mirrored(id)).toMatchObject({ price: '5701.00' });

    await page.goto(`${open.url}/hotel/book?room=7&check_in=${LATER}`);
    await page.getByRole('status', { name: 'Price' }).getByText('4,000').first().waitFor();
    expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);
  });
});

async function fill(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
}

/** Of the booking whose page is shown. */
const idIn = (page: Page) => /\/bookings\/(\d+)/.exec(page.url())?.[1] ?? '';
