import { afterEach, describe, expect, test } from 'vitest';
import type { Account, Row } from '../../sources/define-source.ts';
import { Rejected, Unavailable } from '../../sources/errors.ts';
import { dayRecords, netOf, salePlace } from '../../sources/iiko/day-records.ts';
import { daysToRead } from '../../sources/iiko/days-to-read.ts';
import type { Mapping } from '../../sources/iiko/define-mapping.ts';
import { LinesSplit } from '../../sources/iiko/lines-split.ts';
import { type OlapRow, readOlapRows } from '../../sources/iiko/olap-answer.ts';
import { type Columns, EXTRA_DIMENSIONS, readColumns } from '../../sources/iiko/olap-columns.ts';
import {
  type DayPart,
  departmentsQuery,
  itemQuery,
  OLAP_PATH,
  type OlapQuery,
  paymentQuery,
} from '../../sources/iiko/olap-query.ts';
import { hashPassword } from '../../sources/iiko/password.ts';
import { receiptItems, receiptPayments, receipts } from '../../sources/iiko/receipts.ts';
import { columnList } from '../../sources/iiko/requests.ts';
import { type IikoSimulator, type IikoSimulatorOptions, startIikoSimulator } from '../../sources/iiko/simulator.ts';

const DATE = '2026-10-03';
const account = { timezone: 'Asia/Almaty', currency: 'KZT', options: {} } as unknown as Account;
const everything: Columns = { has: () => true };

const open: IikoSimulator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

/** A server, and ways to ask it for what the source asks. */
async function start(options: IikoSimulatorOptions = {}) {
  const simulator = await startIikoSimulator({ today: '2026-10-05', days: 5, lines: 1500, ...options });
  open.push(simulator);
  const pass = hashPassword(simulator.password);
  const login = await fetch(`${simulator.url}/auth?login=${simulator.login}&pass=${pass}`);
  const headers = { cookie: `key=${(await login.text()).trim()}` };
  async function columns(): Promise<Columns> {
    const answer = await fetch(`${simulator.url}${columnList.path}?${new URLSearchParams(columnList.query)}`, {
      headers,
    });
    return readColumns(await answer.json());
  }
  async function olap(query: OlapQuery, part: DayPart): Promise<OlapRow[]> {
    const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
    const answer = await fetch(simulator.url + OLAP_PATH, { ...init, body: JSON.stringify(query) });
    expect(answer.status).toBe(200);
    return readOlapRows(await answer.text(), query, part);
  }
  async function day(part: DayPart, { lean = false } = {}) {
    const known = await columns();
    const payments = await olap(paymentQuery(part, known), part);
    return dayRecords(part, await olap(itemQuery(part, known, { lean }), part), payments);
  }
  return { simulator, columns, olap, day };
}

type Records = Record<string, unknown>[];
const rowsOf = (mapping: Mapping, records: Records): Map<string, Row> =>
  new Map(records.map((record) => [String(mapping.key(record)), mapping.toRow(mapping.schema.parse(record), account)]));

const byText = (rows: (Row | undefined)[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

describe('a day of sales', () => {
  test.each<[string, IikoSimulatorOptions]>([
    ['as servers send it', {}],
    ['with more digits than a float has', { faults: { longNumbers: true } }],
    ['with long dates and numbers as texts', { faults: { longDates: true, numbersAsText: true } }],
  ])('%s becomes the receipts, lines and payments of the truth', async (_, options) => {
    const { simulator, day } = await start(options);
    const truth = simulator.truth({ from: DATE, to: DATE });
    const sets = await day({ date: DATE });
    expect(sets.map(({ entity, covers }) => [entity, covers])).toEqual([
      ['receipts', `${DATE}/`],
      ['receipt_items', `${DATE}/`],
      ['receipt_payments', `${DATE}/`],
    ]);
    const [receiptRecords, itemRecords, paymentRecords] = sets.map(({ records }) => records) as [
      Records,
      Records,
      Records,
    ];

    const items = rowsOf(receiptItems, itemRecords);
    expect(items.size).toBe(truth.lines.length);
    for (const line of truth.lines) {
      expect(items.get(`${line.departmentId}.${line.orderId}.${line.lineId}`)).toMatchObject({
        receipt_external_id: `${line.departmentId}.${line.orderId}`,
        product_external_id: line.productId,
        store_external_id: line.storeId,
        quantity: line.quantity,
        price_total: line.sum,
        total: line.revenue,
        return_total: line.returned,
        is_storned: line.storned,
        accounting_date: DATE,
      });
    }

    const rows = rowsOf(receipts, receiptRecords);
    expect(rows.size).toBe(truth.receipts.length);
    for (const receipt of truth.receipts) {
      expect(rows.get(`${receipt.departmentId}.${receipt.orderId}`)).toMatchObject({
        department_external_id: receipt.departmentId,
        order_number: String(receipt.number),
        accounting_date: DATE,
        opened_at: `${receipt.openTime.replace('T', ' ')} Asia/Almaty`,
        closed_at: `${receipt.closeTime.replace('T', ' ')} Asia/Almaty`,
        guests: receipt.guests,
        total: receipt.revenue,
        refund: receipt.returned,
        vat: receipt.vat,
        paid: receipt.revenue,
        is_deleted: receipt.deleted,
        source_order_external_id: receipt.sourceOrderId,
        currency: 'KZT',
      });
    }

    const payments = [...rowsOf(receiptPayments, paymentRecords).values()].map((row) => ({
      receipt: row.receipt_external_id ?? null,
      type: row.payment_type_external_id ?? null,
      operation: row.operation ?? null,
      amount: row.amount ?? null,
    }));
    expect(byText(payments)).toEqual(
      byText(
        truth.payments.map(({ departmentId, orderId, typeId, operation, amount }) => ({
          receipt: `${departmentId}.${orderId}`,
          type: typeId,
          operation,
          amount,
        })),
      ),
    );
  });

  test('read department by department is the same day, in sets of its own', async () => {
    const { simulator, olap, day } = await start();
    const whole = await day({ date: DATE });
    const query = departmentsQuery(DATE);
    const departments = (await olap(query, { date: DATE })).map((row) => String(row['Department.Id']));
    expect(departments.sort()).toEqual(simulator.departments.map(({ olapId }) => olapId).sort());
    const parts = [];
    for (const departmentId of departments) parts.push(await day({ date: DATE, departmentId }));
    for (const [at, set] of whole.entries()) {
      const records = parts.flatMap((sets) => sets[at]?.records ?? []);
      const byId = (list: Records) => new Map(list.map((record) => [record.id, record]));
      expect(byId(records)).toEqual(byId(set.records));
    }
    for (const [at, departmentId] of departments.entries()) {
      const [set] = parts[at] ?? [];
      expect(set?.covers).toBe(`${DATE}/${departmentId}`);
      for (const record of set?.records ?? []) expect(salePlace(record)).toBe(set?.covers);
    }
  });

  test('of nothing is an empty set, which is left to the core to believe', async () => {
    const { simulator, day } = await start();
    simulator.mutate.emptyDay(DATE);
    expect((await day({ date: DATE })).map(({ records }) => records)).toEqual([[], [], []]);
  });

  test('is the same whatever the order of the rows', async () => {
    const { olap } = await start();
    const part = { date: DATE };
    const items = await olap(itemQuery(part, everything), part);
    const records = (rows: OlapRow[]) => new Map(dayRecords(part, rows, [])[0]?.records.map((each) => [each.id, each]));
    expect(records([...items].reverse())).toEqual(records(items));
  });
});

describe('refunds', () => {
  test('of the same order leave its line storned and bring a negative one, and the receipt is not storned', async () => {
    const { simulator, day } = await start();
    const sold = simulator.mutate.sell(String(simulator.departments[0]?.id), DATE, ['a0', 'b0']);
    simulator.mutate.returnLine(DATE, String(sold.lines[0]?.id));
    const [receiptSet, itemSet] = await day({ date: DATE });
    const mine = (record: Record<string, unknown>) => record['UniqOrderId.Id'] === sold.id;
    const lines = [...rowsOf(receiptItems, itemSet?.records.filter(mine) ?? []).values()];
    expect(lines.map(({ is_storned }) => is_storned).sort()).toEqual([false, false, true]);
    expect(lines.filter(({ total }) => String(total).startsWith('-'))).toHaveLength(1);
    const [receipt] = rowsOf(receipts, receiptSet?.records.filter(mine) ?? []).values();
    expect(receipt).toMatchObject({ is_storned: false, is_deleted: false });
    expect(receipt?.net_total).toBe(receipt?.total);
    expect(receipt?.refund).not.toBe('0');
  });

  test('as a receipt of their own name the original and are worth what they return, once', async () => {
    const { simulator, day } = await start();
    const sold = simulator.mutate.sell(String(simulator.departments[0]?.id), DATE, ['a0']);
    const refund = simulator.mutate.refundReceipt(DATE, sold.id, '2026-10-04');
    const [set] = await day({ date: '2026-10-04' });
    const mine = set?.records.filter((record) => record['UniqOrderId.Id'] === refund.id) ?? [];
    const [row] = rowsOf(receipts, mine).values();
    expect(row).toMatchObject({ source_order_external_id: sold.id, is_storned: true, total: '0' });
    expect(row?.net_total).toBe(`-${row?.refund}`);
  });

  test.each([
    [{ DishDiscountSumInt: '350', DishReturnSum: '0' }, '350'],
    [{ DishDiscountSumInt: '-350', DishReturnSum: '350' }, '-350'],
    [{ DishDiscountSumInt: 0, DishReturnSum: '350.5' }, '-350.5'],
    [{ DishDiscountSumInt: '0.00', DishReturnSum: 0 }, '0'],
    [{ DishDiscountSumInt: null, DishReturnSum: null }, '0'],
  ])('%j is worth %s', (line, expected) => {
    expect(netOf(line)).toBe(expected);
  });

  test('deleted receipts keep their rows and say so', async () => {
    const { simulator, day } = await start();
    const [receipt] = simulator.truth({ from: DATE, to: DATE }).receipts.filter(({ deleted }) => !deleted);
    simulator.mutate.deleteReceipt(DATE, String(receipt?.orderId));
    const [receiptSet, itemSet] = await day({ date: DATE });
    const mine = (record: Record<string, unknown>) => record['UniqOrderId.Id'] === receipt?.orderId;
    const [row] = rowsOf(receipts, receiptSet?.records.filter(mine) ?? []).values();
    expect(row?.is_deleted).toBe(true);
    const lines = [...rowsOf(receiptItems, itemSet?.records.filter(mine) ?? []).values()];
    expect(lines.length).toBe(receipt?.lines);
    expect(lines.every((line) => line.is_deleted === true)).toBe(true);
  });
});

describe('a line', () => {
  const part = { date: DATE };
  const line = (id: string, over: OlapRow = {}): OlapRow => ({
    'Department.Id': 'd1',
    'UniqOrderId.Id': 'o1',
    'ItemSaleEvent.Id': id,
    'OpenDate.Typed': DATE,
    DishId: 'p1',
    DishAmountInt: 1.5,
    DishSumInt: '375.75',
    DishDiscountSumInt: 350,
    DishReturnSum: 0,
    Storned: 'FALSE',
    OrderDeleted: 'NOT_DELETED',
    ...over,
  });

  test('of a dish that was ordered twice stays a line of its own', () => {
    const [receiptSet, itemSet] = dayRecords(part, [line('l1'), line('l2')], []);
    expect(itemSet?.records.map(({ id }) => id)).toEqual(['d1.o1.l1', 'd1.o1.l2']);
    const [row] = rowsOf(receipts, receiptSet?.records ?? []).values();
    expect(row).toMatchObject({ total: '700', discount: '51.5' });
  });

  test('gives its receipt the header when its id is the smallest, wherever it stands', () => {
    const rows = [line('l2', { OrderNum: 8 }), line('l1', { OrderNum: 7 }), line('l3', { OrderNum: 9 })];
    for (const order of [rows, [...rows].reverse()])
      expect(dayRecords(part, order, [])[0]?.records).toMatchObject([{ id: 'd1.o1', OrderNum: 7, lines: 3 }]);
  });

  test('that stands there twice makes the whole day be refused', () => {
    expect(() => dayRecords(part, [line('l1'), line('l1')], [])).toThrow(LinesSplit);
    expect(new LinesSplit('x')).toBeInstanceOf(Rejected);
    expect(() => dayRecords(part, [line('l1'), line('l1')], [])).toThrow('1 of 2 rows repeat the key of a line');
  });

  test('without a key makes the whole day be read again', () => {
    for (const field of ['Department.Id', 'UniqOrderId.Id', 'ItemSaleEvent.Id'])
      expect(() => dayRecords(part, [line('l1', { [field]: null })], [])).toThrow(Unavailable);
  });

  test('with a sum that nobody can read is invalid, and its receipt with it', () => {
    const [receiptSet, itemSet] = dayRecords(part, [line('l1'), line('l2', { DishDiscountSumInt: { a: 1 } })], []);
    const valid = (mapping: Mapping, records: Records = []) =>
      records.map((each) => mapping.schema.safeParse(each).success);
    expect(valid(receiptItems, itemSet?.records)).toEqual([true, false]);
    expect(valid(receipts, receiptSet?.records)).toEqual([false]);
  });

  test('splitting fields are got rid of by asking for less', async () => {
    const { simulator, day } = await start({ faults: { splittingColumns: ['Store.Id'] } });
    await expect(day({ date: DATE })).rejects.toThrow(LinesSplit);
    const [, itemSet] = await day({ date: DATE }, { lean: true });
    expect(itemSet?.records).toHaveLength(simulator.truth({ from: DATE, to: DATE }).lines.length);
  });
});

describe('an answer', () => {
  const query = itemQuery({ date: DATE }, { has: () => false });
  const good: OlapRow = Object.fromEntries(
    [...query.groupByRowFields, ...query.aggregateFields].map((field) => [field, '1']),
  );
  const row: OlapRow = { ...good, 'OpenDate.Typed': DATE };
  const answer = (data: unknown) => JSON.stringify({ data, summary: [] });

  test('is taken when every row has every field that was asked for, null or not', () => {
    expect(readOlapRows(answer([row, { ...row, OrderNum: null }]), query, { date: DATE })).toHaveLength(2);
    expect(readOlapRows(answer([]), query, { date: DATE })).toEqual([]);
  });

  const { OrderNum: _, ...lacking } = row;
  test.each([
    ['nothing', ''],
    ['half of it', answer([row]).slice(0, -20)],
    ['HTML', '<html></html>'],
    ['no object', '[]'],
    ['data that is no list', answer({ rows: 0 })],
    ['an error in JSON', '{"error":"x"}'],
    ['null', 'null'],
    ['a row that is no object', answer([row, []])],
    ['a row without a field', answer([row, lacking])],
    ['a row of another day', answer([{ ...row, 'OpenDate.Typed': '2026-10-04' }])],
  ])('of %s is never a day', (_name, body) => {
    expect(() => readOlapRows(body, query, { date: DATE })).toThrow(Unavailable);
  });

  test('of another department than asked for is refused', () => {
    const part = { date: DATE, departmentId: 'd2' };
    expect(() => readOlapRows(answer([row]), itemQuery(part, { has: () => false }), part)).toThrow(Unavailable);
  });
});

describe('the columns of a server', () => {
  test('leave out optional fields that it lacks, and the day is read without', async () => {
    const { day, columns } = await start({ faults: { missingColumns: ['VAT.Sum', 'Store.Id', 'OrderWaiter.Name'] } });
    expect((await columns()).has('VAT.Sum')).toBe(false);
    const [receiptSet, itemSet] = await day({ date: DATE });
    const [receipt] = rowsOf(receipts, receiptSet?.records ?? []).values();
    expect(receipt?.vat).toBeNull();
    const [item] = rowsOf(receiptItems, itemSet?.records ?? []).values();
    expect(item?.store_external_id).toBeNull();
  });

  test('that lack a required field are refused, by name and with what to do', async () => {
    const { columns } = await start({ faults: { missingColumns: ['ItemSaleEvent.Id', 'DishReturnSum'] } });
    await expect(columns()).rejects.toThrow(Rejected);
    await expect(columns()).rejects.toThrow(/lacks ItemSaleEvent\.Id, DishReturnSum;.*Update the server/);
  });

  test.each([null, [], 'x', {}])('are not %j', (answer) => {
    expect(() => readColumns(answer)).toThrow(Unavailable);
  });
});

describe('a query', () => {
  test('is of one accounting day, takes everything and names no payment among the lines', () => {
    const query = itemQuery({ date: '2026-12-31' }, everything);
    expect(query).toMatchObject({ reportType: 'SALES', buildSummary: false, groupByColFields: [] });
    expect(query.filters).toEqual({
      'OpenDate.Typed': {
        filterType: 'DateRange',
        periodType: 'CUSTOM',
        from: '2026-12-31T00:00:00.000',
        to: '2027-01-01T00:00:00.000',
        includeLow: true,
        includeHigh: false,
      },
    });
    expect(query.groupByRowFields.filter((field) => /^(Pay|AuthUser|Operation|Discount|Card)/.test(field))).toEqual([]);
    expect(new Set(query.groupByRowFields).size).toBe(query.groupByRowFields.length);
  });

  test('of a department filters by it, and a lean one leaves our extras out', () => {
    const query = itemQuery({ date: DATE, departmentId: 'd1' }, everything, { lean: true });
    expect(query.filters['Department.Id']).toEqual({ filterType: 'IncludeValues', values: ['d1'] });
    for (const field of EXTRA_DIMENSIONS) expect(query.groupByRowFields).not.toContain(field);
    expect(query.groupByRowFields).toContain('SourceOrderId');
  });
});

describe('the days to read again', () => {
  const shift = (openDate: string, closeDate: string | null, acceptDate: string | null = null) => ({
    openDate: `${openDate}T09:00:00.120`,
    closeDate: closeDate && `${closeDate}T02:00:05`,
    acceptDate: acceptDate && `${acceptDate}T14:00:00`,
  });
  const from = (shifts: object[], since: string | null = '2026-10-05') =>
    daysToRead(shifts, { today: '2026-10-05', since }).at(-1);

  test('are today and three before, newest first, when every shift is long closed', () => {
    expect(daysToRead([shift('2026-09-20', '2026-09-21')], { today: '2026-10-05', since: '2026-10-05' })).toEqual([
      '2026-10-05',
      '2026-10-04',
      '2026-10-03',
      '2026-10-02',
    ]);
  });

  test('go back to the oldest open shift, and to one closed or accepted since the last reading', () => {
    expect(from([shift('2026-09-20', null), shift('2026-09-25', null)])).toBe('2026-09-20');
    expect(from([shift('2026-09-20', '2026-10-05')])).toBe('2026-09-20');
    expect(from([shift('2026-09-20', '2026-09-21', '2026-10-04')])).toBe('2026-09-20');
    expect(from([shift('2026-09-20', '2026-09-21', '2026-10-03')])).toBe('2026-10-02');
    expect(from([shift('2026-09-20', '2026-09-21')], null)).toBe('2026-09-20');
  });

  test('are not guessed from an answer that is no list', () => {
    expect(() => daysToRead({ error: 'x' }, { today: '2026-10-05', since: null })).toThrow(Unavailable);
  });
});
