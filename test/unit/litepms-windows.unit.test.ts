import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { Rejected, TimedOut } from '../../sources/errors.ts';
import { addDays, daysBetween, todayAt } from '../../sources/litepms/days.ts';
import { halveWindow, parseWindow, planWindows } from '../../sources/litepms/windows.ts';
import { hotelAccount, type OpenHotel, openHotel, planOf } from '../support/litepms-hotel.ts';

const account = hotelAccount('http://127.0.0.1:1');
const SEED = 42;

/** Every day of the windows, in order; fails when one stands in two. */
function daysOf(windows: readonly string[]): string[] {
  const days = windows.map(parseWindow).flatMap(({ from, to }) => {
    return Array.from({ length: daysBetween(from, to) + 1 }, (_, n) => addDays(from, n));
  });
  expect(new Set(days).size).toBe(days.length);
  return days.sort();
}

describe('the windows of a run', () => {
  test('of a first load are all calendar months back to `from`, newest first', () => {
    const windows = planWindows(planOf({ ...account, options: { from: '2026-08-15' } }));
    expect(windows).toEqual([
      '2026-11-01..2026-11-30',
      '2026-10-01..2026-10-31',
      '2026-09-01..2026-09-30',
      '2026-08-15..2026-08-31',
    ]);
    const all = planWindows(planOf(account));
    expect(all.at(-1)).toBe('2015-01-02..2015-01-31');
    expect(all).toHaveLength(143);
  });

  test('never begin before the first day that the vendor takes', () => {
    expect(planWindows(planOf({ ...account, options: { from: '2001-05-05' } })).at(-1)).toBe('2015-01-02..2015-01-31');
    expect(planWindows(planOf(account, { since: '2015-01-02', today: '2015-01-05' }))).toEqual([
      '2015-01-02..2015-01-05',
    ]);
  });

  test('of an incremental run are one from the day before the last complete run to today', () => {
    expect(planWindows(planOf(account, { since: '2026-11-20' }))).toEqual(['2026-11-19..2026-11-21']);
    expect(planWindows(planOf(account, { since: '2026-11-21' }))).toEqual(['2026-11-20..2026-11-21']);
    // The settings' zone was put right since.
    expect(planWindows(planOf(account, { since: '2026-11-22' }))).toEqual(['2026-11-20..2026-11-21']);
  });

  test('of an incremental run after a long pause are months', () => {
    expect(planWindows(planOf(account, { since: '2026-09-10' }))).toEqual([
      '2026-11-01..2026-11-30',
      '2026-10-01..2026-10-31',
      '2026-09-09..2026-09-30',
    ]);
  });

  test('of a full run are all, whatever was read before', () => {
    const resume = { pages: new Set(['2026-09-01..2026-09-30']), from: '2026-11-20' };
    const full = planOf({ ...account, options: { from: '2026-09-01' } }, { mode: 'full', since: '2026-11-20', resume });
    expect(planWindows(full)).toHaveLength(3);
  });

  test('of a period are the months of it, cut to it', () => {
    const period = { from: '2026-09-10', to: '2026-11-05' };
    expect(planWindows(planOf(account, { since: '2026-11-20', period }))).toEqual([
      '2026-11-01..2026-11-05',
      '2026-10-01..2026-10-31',
      '2026-09-10..2026-09-30',
    ]);
  });

  test('of a first load that goes on leave out what was read, except where changes may have come since', () => {
    const pages = new Set(['2026-11-01..2026-11-30', '2026-10-01..2026-10-31', '2026-08-01..2026-08-31']);
    const plan = planOf({ ...account, options: { from: '2026-08-01' } }, { resume: { pages, from: '2026-10-31' } });
    expect(planWindows(plan)).toEqual(['2026-11-01..2026-11-30', '2026-10-01..2026-10-31', '2026-09-01..2026-09-30']);
  });

  test('cover every day once, whenever the run is and whatever it begins with', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4400 }), fc.integer({ min: 0, max: 4400 }), fc.boolean(), (a, b, first) => {
        const [from, today] = [addDays('2015-01-02', Math.min(a, b)), addDays('2015-01-02', Math.max(a, b))];
        // A first load, or what has changed since a run of that day.
        const plan = first
          ? planOf({ ...account, options: { from } }, { today })
          : planOf(account, { today, since: from });
        const days = daysOf(planWindows(plan));
        expect(days[0]).toBe(first || from === '2015-01-02' ? from : addDays(from, -1));
        expect(days.at(-1)! >= today).toBe(true);
        expect(days).toHaveLength(daysBetween(days[0]!, days.at(-1)!) + 1);
      }),
      { seed: SEED },
    );
  });

  test('are halved down to a day without losing one', () => {
    let windows = ['2026-02-01..2026-02-28'];
    const days = daysOf(windows);
    for (let step = 0; step < 5; step += 1) {
      windows = windows.flatMap((window) => halveWindow(parseWindow(window)) ?? [window]);
      expect(daysOf(windows)).toEqual(days);
    }
    expect(windows).toHaveLength(28);
    expect(halveWindow(parseWindow(windows[0]!))).toBeUndefined();
  });
});

describe('a window that is fetched', () => {
  const open: OpenHotel[] = [];
  afterEach(async () => {
    for (const hotel of open.splice(0)) await hotel.end();
  });
  async function hotelWith(...options: Parameters<typeof openHotel>) {
    const hotel = await openHotel(...options);
    open.push(hotel);
    return hotel;
  }
  const spans = (hotel: OpenHotel) =>
    hotel.simulator.requests.calls.map(({ params }) => `${params.start}..${params.finish}`);
  const idsOf = (records: readonly Record<string, unknown>[]) => records.map(({ id }) => id).sort();

  test('gives the ids of what changed in it and nothing else, in one request', async () => {
    const hotel = await hotelWith();
    const today = todayAt(hotel.account);
    const { records } = await hotel.read('bookings', [`2015-01-02..${today}`]);
    const { bookings } = hotel.simulator.truth().main!;
    expect(bookings).toHaveLength(30);
    expect(records).toEqual(bookings.map(({ id }) => ({ id })));
    expect(hotel.http.requests()).toBe(1);
  });

  test('does not ask beyond the hotel’s own today', async () => {
    const hotel = await hotelWith({ hotels: { main: { timezone: 'Pacific/Kiritimati' } } });
    const today = todayAt(hotel.account);
    await hotel.read('bookings', [`${addDays(today, -3)}..${addDays(today, 9)}`]);
    expect(spans(hotel)).toEqual([`${addDays(today, -3)}..${today}`]);
    const later = await hotel.read('bookings', [`${addDays(today, 1)}..${addDays(today, 9)}`]);
    expect(later).toMatchObject({ records: [], pages: [expect.anything()] });
    expect(hotel.http.requests()).toBe(1);
  });

  test('is asked for again to the day before when the vendor’s day has not begun yet', async () => {
    const hotel = await hotelWith({ faults: { daysBehind: 1 } });
    const today = todayAt(hotel.account);
    const { records } = await hotel.read('bookings', [`2015-01-02..${today}`]);
    expect(spans(hotel)).toEqual([`2015-01-02..${today}`, `2015-01-02..${addDays(today, -1)}`]);
    expect(idsOf(records)).toEqual(hotel.simulator.truth().main!.bookings.map(({ id }) => id));
    expect((await hotel.read('bookings', [`${today}..${today}`])).records).toEqual([]);
  });

  test('fails when the vendor’s clock is further behind than a day', async () => {
    const hotel = await hotelWith({ faults: { daysBehind: 2 } });
    const today = todayAt(hotel.account);
    await expect(hotel.read('bookings', [`2026-01-01..${today}`])).rejects.toThrow(Rejected);
  });

  test.each([
    ['504'],
    ['413'],
    ['error'],
    ['hold'],
  ] as const)('is read in halves where the vendor says %s, and nothing is lost', async (answer) => {
    const hotel = await hotelWith({ faults: { largeWindow: { days: 40, answer } } }, 500);
    const today = todayAt(hotel.account);
    const { records, pages } = await hotel.read('bookings', [`${addDays(today, -99)}..${today}`]);
    expect(pages).toHaveLength(7);
    const since = addDays(today, -99);
    const changed = hotel.simulator.truth().main!.bookings.filter(({ last_update }) => last_update >= since);
    expect(changed.length).toBeGreaterThan(3);
    expect(idsOf(records)).toEqual(changed.map(({ id }) => id));
  });

  test('of one day fails when that is too much still', async () => {
    const hotel = await hotelWith({ faults: { largeWindow: { days: 0, answer: 'hold' } } }, 200);
    await expect(hotel.read('bookings', ['2026-03-05..2026-03-05'])).rejects.toThrow(TimedOut);
  });

  test('of the hot set gives the ids of who arrives, stays and leaves these days, page by page', async () => {
    const hotel = await hotelWith({ bookings: 400, searchPageSize: 5 });
    const today = todayAt(hotel.account);
    const { listing } = hotel.entity('bookings');
    const tokens = listing.hotSet!.pages(planOf(hotel.account, { today }));
    const { records, pages } = await hotel.read('bookings', tokens);
    const [from, to] = [addDays(today, -1), addDays(today, 3)];
    const expected = hotel.simulator.truth().main!.bookings.filter(({ date_in, date_out }) => {
      const [arrival, departure] = [date_in.slice(0, 10), date_out.slice(0, 10)];
      const arrives = arrival >= from && arrival <= to;
      return arrives || (arrival <= today && departure >= today) || (departure >= from && departure <= today);
    });
    expect(expected.length).toBeGreaterThan(10);
    expect([...new Set(idsOf(records))]).toEqual(expected.map(({ id }) => id));
    expect(pages.length).toBeGreaterThan(tokens.length);
    expect(hotel.simulator.requests.byMethod).toEqual({ searchBooking: pages.length });
    expect(listing.hotSet!.stays).toEqual({ fromDays: -1, toDays: 3 });
  });
});
