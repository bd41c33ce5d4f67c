import type { ListingPlan } from '../define-source.ts';
import { addDays, daysBetween, earlier, lastOfMonth, later } from './days.ts';

/** README.md §3.1: `start` must be later than 2015-01-01. */
export const FIRST_DAY = '2015-01-02';
/** The boundary day is read again: changes of that day may have come after it was read. */
const OVERLAP_DAYS = 1;
const LONGEST_DAYS = 31;

/** Days of change, both included. */
export interface Window {
  from: string;
  to: string;
}

/** A page token is `from..to`. */
export const windowToken = ({ from, to }: Window): string => `${from}..${to}`;
export function parseWindow(page: string): Window {
  const [from = '', to = ''] = page.split('..');
  return { from, to };
}

/**
 * The windows of a run, newest first. A first load and a full run walk back to the account's `from` in calendar months, whose
 * names stay the same from day to day, so that a first load goes on where the last one broke off.
 */
export function planWindows({ account, mode, today, since, resume, period }: ListingPlan): string[] {
  if (period)
    return months(period.from, period.to).map((month) => windowToken({ ...month, to: earlier(month.to, period.to) }));
  if (mode === 'incremental' && since !== null) {
    const from = later(FIRST_DAY, addDays(earlier(since, today), -OVERLAP_DAYS));
    return daysBetween(from, today) < LONGEST_DAYS
      ? [windowToken({ from, to: today })]
      : months(from, today).map(windowToken);
  }
  const all = months(account.options.from ?? FIRST_DAY, today);
  // A full run reads everything itself: what it has not seen counts as absent.
  const left = mode === 'full' || !resume ? all : all.filter((month) => !wasRead(month, resume));
  return left.map(windowToken);
}

/** What has changed since a run broke off stands in windows from that day on. */
function wasRead(window: Window, { pages, from }: NonNullable<ListingPlan['resume']>): boolean {
  return window.to < from && pages.has(windowToken(window));
}

/** The halves of a window that was too large, newest first; undefined when it is a day. */
export function halveWindow({ from, to }: Window): string[] | undefined {
  const days = daysBetween(from, to);
  if (days < 1) return undefined;
  const middle = addDays(from, Math.floor(days / 2));
  return [
    { from: addDays(middle, 1), to },
    { from, to: middle },
  ].map(windowToken);
}

/** Calendar months from `from` to the one that `to` lies in, newest first; the first begins at `from`. Never none. */
function months(from: string, to: string): Window[] {
  const all: Window[] = [];
  for (let start = later(from, FIRST_DAY); start <= to; start = addDays(lastOfMonth(start), 1))
    all.unshift({ from: start, to: lastOfMonth(start) });
  return all.length > 0 ? all : [{ from, to }];
}
