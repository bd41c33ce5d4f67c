import { Unavailable } from '../errors.ts';

const DAY_MS = 86_400_000;
/** Past days change without a word, so the newest ones are read again whatever the shifts say. */
export const LEAST_DAYS_BACK = 3;

interface Shift {
  openDate?: unknown;
  closeDate?: unknown;
  acceptDate?: unknown;
}

/**
 * README.md §9. Accounting days to read again, newest first: back to the opening day of the oldest shift that is
 * open, or was closed or accepted since `since` (a day; null when nothing was ever read), and at least
 * `LEAST_DAYS_BACK` days before `today`. Throws `Unavailable` for an answer that is no list of shifts.
 */
export function daysToRead(answer: unknown, { today, since }: { today: string; since: string | null }): string[] {
  if (!Array.isArray(answer)) throw new Unavailable('GET /v2/cashshifts/list: answered something that is no list');
  const oldest = (answer as (Shift | null)[])
    .filter((shift) => shift !== null && mayHaveChanged(shift, since))
    .map((shift) => dayOf(shift?.openDate))
    .filter((day) => day !== undefined)
    .reduce((a, b) => (a < b ? a : b), daysBefore(today, LEAST_DAYS_BACK));
  return daysBetween(oldest, today);
}

const mayHaveChanged = ({ closeDate, acceptDate }: Shift, since: string | null): boolean => {
  const closed = dayOf(closeDate);
  const accepted = dayOf(acceptDate);
  // A shift's own clock may stand in another zone than ours: a day of grace.
  const from = since === null ? '' : daysBefore(since, 1);
  return closed === undefined || closed >= from || (accepted !== undefined && accepted >= from);
};

const dayOf = (time: unknown): string | undefined =>
  typeof time === 'string' && /^\d{4}-\d{2}-\d{2}/.test(time) ? time.slice(0, 10) : undefined;

export const daysBefore = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - count * DAY_MS).toISOString().slice(0, 10);

/** `from`…`to`, both included, newest first. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = to; day >= from; day = daysBefore(day, 1)) days.push(day);
  return days;
}
