import { decimalOf } from '../decimals.ts';
import type { Account, FetchContext, Listing, Page } from '../define-source.ts';
import { SourceError, TimedOut, Unavailable } from '../errors.ts';
import { parseExactJson } from '../exact-json.ts';
import { externalIdOf } from '../fields.ts';
import { dayRecords } from './day-records.ts';
import { daysToRead } from './days-to-read.ts';
import { readOlapRows } from './olap-answer.ts';
import { type Columns, readColumns } from './olap-columns.ts';
import { type DayPart, departmentsQuery, itemQuery, OLAP_PATH, type OlapQuery, paymentQuery } from './olap-query.ts';
import { columnList, readList, shiftList } from './requests.ts';
import { departmentPages, firstSalesPages, insteadOf, pageOf, tokenOf } from './sales-pages.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Words that a page's name has beside the department's id. */
const NO_DEPARTMENT = /^(all|lean)$|\//;
/** A server is updated now and then. */
const COLUMNS_KEPT_MS = 60 * MINUTE;

/** README.md §7–§9. Receipts, their lines and their payments: a page is an accounting day, and one snapshot of the three. */
export const salesListing: Listing = {
  rateClass: 'read',
  period: { by: 'accounting day', column: 'accounting_date' },
  first: (plan) => firstSalesPages(plan, plan.account.options.historyFrom || null),
  async fetch(context, token) {
    const page = pageOf(token);
    try {
      if (page.kind === 'shifts') return { records: [], next: await daysOf(context, page) };
      if (page.kind === 'departments') {
        const next = departmentPages(page, await departmentsOf(context, page.date));
        return { records: [], next };
      }
      return await readDay(context, page, page.lean);
    } catch (error) {
      // The same sales can be had in another way: those pages take the place of this one.
      const instead = error instanceof SourceError ? insteadOf(token, error, error instanceof TimedOut) : undefined;
      if (!instead) throw error;
      return { records: [], next: instead };
    }
  },
};

async function daysOf({ http }: FetchContext, page: { from: string; to: string; since: string | null }) {
  const request = shiftList(page.from, page.to);
  const shifts = readList(await http.getText(request.path, { query: request.query }), request);
  return daysToRead(shifts, { today: page.to, since: page.since }).map((date) =>
    tokenOf({ kind: 'day', date, lean: false }),
  );
}

/** The payments first, so that none is of a receipt that is not read. */
async function readDay(context: FetchContext, { date, departmentId }: DayPart, lean: boolean): Promise<Page> {
  const part = { date, departmentId };
  const columns = await columnsOf(context);
  const payments = await ask(context, paymentQuery(part, columns), part);
  const items = await ask(context, itemQuery(part, columns, { lean }), part);
  // The same sales grouped in two ways: both have rows, or none has.
  if (items.length === 0 && payments.length > 0) throw emptyThough(date, 'there are payments');
  if (items.length > 0 && payments.length === 0) throw emptyThough(date, 'there are lines (payments)');
  // It is a page of its own because it has sold something.
  if (items.length === 0 && departmentId !== undefined) throw emptyThough(date, 'the department has sales');
  if (items.length === 0) await believeEmpty(context, date);
  return { records: [], next: [], sets: dayRecords(part, items, payments) };
}

async function departmentsOf(context: FetchContext, date: string): Promise<string[]> {
  const rows = await ask(context, departmentsQuery(date), { date });
  if (rows.length === 0) await believeEmpty(context, date);
  return rows.map((row) => {
    const id = externalIdOf(row['Department.Id']);
    // It becomes a part of a page's name.
    if (id === undefined || NO_DEPARTMENT.test(id))
      throw new Unavailable(`POST ${OLAP_PATH} of ${date}: answered a department without an id that can be one`);
    return id;
  });
}

async function ask({ account, http }: FetchContext, query: OlapQuery, part: DayPart) {
  const timeoutMs = Number(account.options.reportTimeoutSeconds ?? 300) * SECOND;
  return readOlapRows(await http.getText(OLAP_PATH, { json: query, timeoutMs }), query, part);
}

/** A day without sales is possible; one whose cash shifts have taken money is a wrong answer. */
async function believeEmpty({ http }: FetchContext, date: string): Promise<void> {
  const request = shiftList(date, date);
  const shifts = readList(await http.getText(request.path, { query: request.query }), request);
  const took = shifts.some(({ payOrders }) => (decimalOf(payOrders) ?? '0') !== '0');
  if (took) throw emptyThough(date, 'its cash shifts have taken money');
}

const emptyThough = (date: string, why: string): Unavailable =>
  new Unavailable(`POST ${OLAP_PATH} of ${date}: answered no rows, though ${why}`);

const known = new WeakMap<Account, { at: number; columns: Columns }>();

/** Which fields the server has: asked for once an hour, not once a day of sales. */
async function columnsOf({ account, http }: FetchContext): Promise<Columns> {
  const last = known.get(account);
  if (last && Date.now() - last.at < COLUMNS_KEPT_MS) return last.columns;
  const body = await http.getText(columnList.path, { query: columnList.query });
  const columns = readColumns(parseExactJson(body, `GET ${columnList.path}`));
  known.set(account, { at: Date.now(), columns });
  return columns;
}
