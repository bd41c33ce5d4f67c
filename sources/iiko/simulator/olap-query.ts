import { dateOf, dayNumber, isDate } from './dates.ts';
import { isField, isMeasure } from './olap-fields.ts';

const LONGEST_DAYS = 31;
const TIME = /^T\d{2}:\d{2}:\d{2}(\.\d{1,3})?$/;

export interface OlapQuery {
  dimensions: string[];
  measures: string[];
  /** Accounting days, both included. */
  from: string;
  to: string;
  values: { field: string; include: boolean; values: ReadonlySet<string> }[];
  summary: boolean;
}

/** What the vendor answers to a query that it does not take. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Reads the body of a query; throws a Refusal with the vendor's status and text. */
export function readQuery(body: string, missing: readonly string[]): OlapQuery {
  const query = parse(body);
  if (query.reportType !== 'SALES') throw new Refusal(400, `Unknown report type: ${String(query.reportType)}`);
  const dimensions = [...texts(query.groupByRowFields), ...texts(query.groupByColFields)];
  const measures = texts(query.aggregateFields);
  const filters = (query.filters ?? {}) as Record<string, Record<string, unknown>>;
  for (const field of [...dimensions, ...measures, ...Object.keys(filters)])
    if (!isField(field) || missing.includes(field)) throw new Refusal(400, `Unknown OLAP field ${field}`);
  for (const field of dimensions)
    if (isMeasure(field)) throw new Refusal(400, `Grouping is not allowed for field ${field}`);
  for (const field of measures)
    if (!isMeasure(field)) throw new Refusal(400, `Aggregation is not allowed for field ${field}`);
  const { 'OpenDate.Typed': dates, ...others } = filters;
  if (!dates) throw new Refusal(409, 'Filter by OpenDate.Typed is required');
  return {
    dimensions,
    measures,
    ...readDates(dates),
    values: Object.entries(others).map(([field, filter]) => readValues(field, filter)),
    // The default before 9.1.2.
    summary: query.buildSummary !== false,
  };
}

function parse(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    throw new Refusal(400, 'Malformed request body');
  }
}

function texts(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw new Refusal(400, 'A list of field names was expected');
}

function readDates(filter: Record<string, unknown>): { from: string; to: string } {
  if (filter.filterType !== 'DateRange' || filter.periodType !== 'CUSTOM')
    throw new Refusal(400, 'OpenDate.Typed takes a DateRange with periodType CUSTOM');
  const from = readDate(filter.from);
  const to = readDate(filter.to);
  const includeLow = filter.includeLow ?? true;
  const includeHigh = filter.includeHigh ?? false;
  if (from === to && !(includeLow && includeHigh)) throw new Refusal(409, 'Дата начала совпадает с датой окончания');
  if (from > to) throw new Refusal(409, 'Дата начала больше даты окончания');
  const first = dayNumber(from) + (includeLow ? 0 : 1);
  const last = dayNumber(to) - (includeHigh ? 0 : 1);
  if (last - first >= LONGEST_DAYS) throw new Refusal(409, 'Период отчёта больше месяца');
  return { from: dateOf(first), to: dateOf(last) };
}

/** `2026-10-05` or `2026-10-05T00:00:00.000`; within an accounting day the time says nothing. */
function readDate(value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  const date = text.slice(0, 10);
  if (!isDate(date) || !(text === date || TIME.test(text.slice(10))))
    throw new Refusal(400, `Wrong date format: ${text}`);
  return date;
}

function readValues(field: string, filter: Record<string, unknown>): OlapQuery['values'][number] {
  const { filterType, values } = filter;
  if ((filterType !== 'IncludeValues' && filterType !== 'ExcludeValues') || !Array.isArray(values))
    throw new Refusal(400, `Unsupported filter for ${field}`);
  return { field, include: filterType === 'IncludeValues', values: new Set(values.map(String)) };
}
