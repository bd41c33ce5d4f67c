import type { ListingPlan } from '../define-source.ts';
import type { SourceError } from '../errors.ts';
import { daysBefore, daysBetween } from './days-to-read.ts';
import { LinesSplit } from './lines-split.ts';
import type { DayPart } from './olap-query.ts';

/** One page of the listing of receipts, as its token says. */
export type SalesPage =
  /** Cash shifts opened in the period: they tell the days to read. `since`: day of the last run that read everything. */
  | { kind: 'shifts'; from: string; to: string; since: string | null }
  /** Sales of a day, whole or of one department. `lean`: without our extra fields. */
  | ({ kind: 'day'; lean: boolean } & DayPart)
  /** The departments that sold something that day. */
  | { kind: 'departments'; date: string; lean: boolean };

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const NEVER = 'never';
/** The vendor's advice for a period is a month at most. */
const SHIFT_DAYS = 31;
const DEFAULT_HISTORY_DAYS = 365;

/** `shifts/2026-09-05/2026-10-05/2026-10-04`, `2026-10-05`, `2026-10-05/all`, `2026-10-05/<department>`, each day also with `/lean`. */
export function tokenOf(page: SalesPage): string {
  if (page.kind === 'shifts') return `shifts/${page.from}/${page.to}/${page.since ?? NEVER}`;
  const part = page.kind === 'departments' ? 'all' : page.departmentId;
  return [page.date, part, page.lean ? 'lean' : undefined].filter((each) => each !== undefined).join('/');
}

/** Throws RangeError for what `tokenOf` never made. */
export function pageOf(token: string): SalesPage {
  const [first = '', ...rest] = token.split('/');
  if (first === 'shifts') {
    const [from = '', to = '', since = ''] = rest;
    if (DATE.test(from) && DATE.test(to)) return { kind: 'shifts', from, to, since: DATE.test(since) ? since : null };
  } else if (DATE.test(first)) {
    const lean = rest.at(-1) === 'lean';
    const [part] = lean ? rest.slice(0, -1) : rest;
    if (part === 'all') return { kind: 'departments', date: first, lean };
    return { kind: 'day', date: first, lean, ...(part === undefined ? {} : { departmentId: part }) };
  }
  throw new RangeError(`${token} is no page of iiko's receipts`);
}

/**
 * README.md §9. An incremental run begins with the shifts. A full one has every day of the history, newest first, without
 * those that a run which broke off has read. A period has its days.
 */
export function firstSalesPages(
  { mode, today, since, resume, period }: ListingPlan,
  historyFrom: string | null,
): string[] {
  if (period) return daysBetween(period.from, period.to < today ? period.to : today);
  if (mode === 'incremental')
    return [tokenOf({ kind: 'shifts', from: daysBefore(today, SHIFT_DAYS - 1), to: today, since })];
  return daysBetween(historyFrom ?? daysBefore(today, DEFAULT_HISTORY_DAYS), today).filter(
    (day) => !resume?.pages.has(day),
  );
}

/** Pages that have what a failed one should have had; undefined when there is no other way to it. */
export function insteadOf(token: string, error: SourceError, timedOut: boolean): string[] | undefined {
  const page = pageOf(token);
  if (page.kind === 'shifts') return undefined;
  if (error instanceof LinesSplit && !page.lean) return [tokenOf({ ...page, lean: true })];
  if (timedOut && page.kind === 'day' && page.departmentId === undefined)
    return [tokenOf({ kind: 'departments', date: page.date, lean: page.lean })];
  return undefined;
}

/** The pages of a day that is read department by department. */
export const departmentPages = (
  { date, lean }: { date: string; lean: boolean },
  departmentIds: readonly string[],
): string[] => departmentIds.map((departmentId) => tokenOf({ kind: 'day', date, lean, departmentId }));
