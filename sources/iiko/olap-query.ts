import {
  type Columns,
  EXTRA_DIMENSIONS,
  OPTIONAL_DIMENSIONS,
  OPTIONAL_MEASURES,
  PAYMENT_DIMENSIONS,
  REQUIRED_DIMENSIONS,
  REQUIRED_MEASURES,
} from './olap-columns.ts';

export const OLAP_PATH = '/v2/reports/olap';
const DAY_MS = 86_400_000;

/** Which sales a query is about. */
export interface DayPart {
  /** Accounting day `YYYY-MM-DD`. */
  date: string;
  /** One department of it; the whole day when absent. By the id that OLAP knows it by. */
  departmentId?: string | undefined;
}

export interface OlapQuery {
  reportType: 'SALES';
  buildSummary: false;
  groupByRowFields: string[];
  groupByColFields: [];
  aggregateFields: string[];
  filters: Record<string, object>;
}

/**
 * README.md §7. The lines of a day. No payment, `AuthUser` or discount dimension may join them: those split lines.
 * `lean`: without our extras.
 */
export function itemQuery(part: DayPart, columns: Columns, { lean = false } = {}): OlapQuery {
  const optional = [...OPTIONAL_DIMENSIONS, ...(lean ? [] : EXTRA_DIMENSIONS)].filter(columns.has);
  return query(
    part,
    [...REQUIRED_DIMENSIONS, ...optional],
    [...REQUIRED_MEASURES, ...OPTIONAL_MEASURES.filter(columns.has)],
  );
}

/** The payments of a day, in a query of their own. */
export const paymentQuery = (part: DayPart, columns: Columns): OlapQuery =>
  query(
    part,
    ['Department.Id', 'UniqOrderId.Id', 'OpenDate.Typed', ...PAYMENT_DIMENSIONS.filter(columns.has)],
    ['DishDiscountSumInt'],
  );

/** The departments that sold something that day, and how much: what a day that is too big is split by. */
export const departmentsQuery = (date: string): OlapQuery => query({ date }, ['Department.Id'], ['DishDiscountSumInt']);

function query({ date, departmentId }: DayPart, dimensions: string[], measures: string[]): OlapQuery {
  return {
    reportType: 'SALES',
    // The default before 9.1.2 is true, and costs the server a second pass.
    buildSummary: false,
    groupByRowFields: dimensions,
    groupByColFields: [],
    aggregateFields: measures,
    // Nothing is filtered by Storned, OrderDeleted or DeletedWithWriteoff: that loses refunds without a word.
    filters: {
      'OpenDate.Typed': {
        filterType: 'DateRange',
        periodType: 'CUSTOM',
        from: `${date}T00:00:00.000`,
        to: `${dayAfter(date)}T00:00:00.000`,
        includeLow: true,
        includeHigh: false,
      },
      ...(departmentId === undefined
        ? {}
        : { 'Department.Id': { filterType: 'IncludeValues', values: [departmentId] } }),
    },
  };
}

const dayAfter = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
