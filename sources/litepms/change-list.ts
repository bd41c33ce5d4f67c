import type { FetchContext, Listing, Page } from '../define-source.ts';
import { TimedOut, Unavailable } from '../errors.ts';
import { bareIds, call, rowsOf } from './api.ts';
import { addDays, earlier, later, todayAt } from './days.ts';
import { fetchHotPage, hotSet, isHotPage } from './hot-set.ts';
import { isTooLate, isTooMuch } from './refusal.ts';
import { FIRST_DAY, halveWindow, parseWindow, planWindows, type Window } from './windows.ts';

/** README.md §3.1: `getBookings` names the bookings that changed between two days, by id and nothing else. */
export const changeList: Listing = {
  rateClass: 'read',
  idsOnly: true,
  period: { by: 'the day of the last change', column: 'source_updated_at' },
  hotSet,
  first: planWindows,
  async fetch(context, page) {
    return isHotPage(page) ? fetchHotPage(context, page) : fetchWindow(context, parseWindow(page));
  },
};

async function fetchWindow(context: FetchContext, window: Window): Promise<Page> {
  const start = later(window.from, FIRST_DAY);
  const finish = earlier(window.to, todayAt(context.account));
  if (start > finish) return { records: [], next: [] };
  try {
    return { records: await readIds(context, start, finish), next: [] };
  } catch (error) {
    const halves = isTooLarge(error) ? halveWindow({ from: start, to: finish }) : undefined;
    if (!halves) throw error;
    return { records: [], next: halves };
  }
}

/** The vendor's day may begin later than the hotel's; then its yesterday is all there is. */
async function readIds(context: FetchContext, start: string, finish: string): Promise<{ id: string }[]> {
  try {
    return await changedIds(context, start, finish);
  } catch (error) {
    if (!isTooLate(error)) throw error;
    const dayBefore = addDays(finish, -1);
    return start > dayBefore ? [] : changedIds(context, start, dayBefore);
  }
}

async function changedIds(context: FetchContext, start: string, finish: string): Promise<{ id: string }[]> {
  const method = 'getBookings';
  return bareIds(rowsOf(await call(context, method, { start, finish }), method), method);
}

function isTooLarge(error: unknown): boolean {
  return (
    error instanceof TimedOut || isTooMuch(error) || (error instanceof Unavailable && TIMEOUTS.has(error.fields.status))
  );
}
const TIMEOUTS = new Set<unknown>([408, 504]);
