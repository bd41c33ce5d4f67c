import { Unavailable } from '../errors.ts';
import { parseExactJson } from '../exact-json.ts';
import type { DayPart, OlapQuery } from './olap-query.ts';

/**
 * A row with the dotted names of its fields as keys: dimensions, and measures as a number or, when that is too long,
 * as its text.
 */
export type OlapRow = Record<string, unknown>;

/**
 * README.md §7. The rows of an answer, once it is certain that they are what was asked for: anything else throws
 * `Unavailable`, so that a page that is no answer never passes for a day on which nothing was sold.
 */
export function readOlapRows(body: string, query: OlapQuery, part: DayPart): OlapRow[] {
  const what = `POST /v2/reports/olap of ${part.date}`;
  const { data } = (parseExactJson(body, what) ?? {}) as { data?: unknown };
  if (!Array.isArray(data)) throw new Unavailable(`${what}: answered without a list of rows`);
  const fields = [...query.groupByRowFields, ...query.aggregateFields];
  for (const row of data as unknown[]) {
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw new Unavailable(`${what}: answered a row that is no object`);
    const lacking = fields.find((field) => !Object.hasOwn(row, field));
    if (lacking !== undefined) throw new Unavailable(`${what}: answered a row without ${lacking}`);
    checkPlace(row as OlapRow, part, what);
  }
  return data as OlapRow[];
}

/** A row of another day or department would be taken for a part of this one, and its absence there for a deletion. */
function checkPlace(row: OlapRow, { date, departmentId }: DayPart, what: string): void {
  if ('OpenDate.Typed' in row && accountingDay(row) !== date)
    throw new Unavailable(`${what}: answered a row of another day`);
  if (departmentId !== undefined && row['Department.Id'] !== departmentId)
    throw new Unavailable(`${what}: answered a row of another department`);
}

/** `2025-03-18` (observed) or `2025-03-18T00:00:00` (documented). */
export function accountingDay({ 'OpenDate.Typed': date }: OlapRow): string {
  return typeof date === 'string' ? date.slice(0, 10) : '';
}
