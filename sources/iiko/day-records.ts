import { addDecimals, decimalOf, negateDecimal } from '../decimals.ts';
import type { RecordSet } from '../define-source.ts';
import { Unavailable } from '../errors.ts';
import { externalIdOf } from '../fields.ts';
import { LinesSplit } from './lines-split.ts';
import { accountingDay, type OlapRow } from './olap-answer.ts';
import type { DayPart } from './olap-query.ts';

/** What joins the parts of a key; no UUID has one. */
const JOINT = '.';
const NONE = '-';

/**
 * README.md §8. What a day's two answers come to: its receipts, their lines and their payments, as three complete sets.
 * Records keep the vendor's fields as they came and get an `id`, a `receipt` and, being derived, the receipts' sums.
 *
 * Throws `LinesSplit` when a line stands there twice: some dimension splits lines, and every sum would be wrong.
 */
export function dayRecords(part: DayPart, itemRows: readonly OlapRow[], paymentRows: readonly OlapRow[]): RecordSet[] {
  const items = itemRows.map((row) => withKey(row, part, ['ItemSaleEvent.Id']));
  const payments = paymentRows.map((row) => withKey(row, part, [], ['PayTypes.GUID', 'OperationType']));
  refuseRepeats(items, part, 'line', 'ItemSaleEvent.Id');
  refuseRepeats(payments, part, 'payment', 'PayTypes.GUID');
  const paymentsByReceipt = Map.groupBy(payments, ({ receipt }) => receipt);
  const receipts = [...Map.groupBy(items, ({ receipt }) => receipt)].map(([id, lines]) =>
    receiptRecord(id, lines, paymentsByReceipt.get(id) ?? []),
  );
  const covers = `${part.date}/${part.departmentId ?? ''}`;
  return [
    { entity: 'receipts', covers, records: receipts },
    { entity: 'receipt_items', covers, records: items },
    { entity: 'receipt_payments', covers, records: payments },
  ];
}

/** Receipts, lines and payments lie at a department of an accounting day. A day can be read whole or by department. */
export const salePlace = (record: OlapRow): string =>
  `${accountingDay(record)}/${externalIdOf(record['Department.Id']) ?? ''}`;

type Keyed = OlapRow & { id: string; receipt: string };

function withKey(row: OlapRow, part: DayPart, required: string[], optional: string[] = []): Keyed {
  const receipt = ['Department.Id', 'UniqOrderId.Id'].map((field) => keyPart(row, field, part));
  const own = [
    ...required.map((field) => keyPart(row, field, part)),
    ...optional.map((field) => externalIdOf(row[field]) ?? NONE),
  ];
  return { ...row, id: [...receipt, ...own].join(JOINT), receipt: receipt.join(JOINT) };
}

function keyPart(row: OlapRow, field: string, { date }: DayPart): string {
  const id = externalIdOf(row[field]);
  if (id === undefined)
    throw new Unavailable(`POST /v2/reports/olap of ${date}: answered a row with an empty ${field}`);
  return id;
}

function refuseRepeats(records: readonly Keyed[], { date }: DayPart, what: string, field: string): void {
  const repeated = records.length - new Set(records.map(({ id }) => id)).size;
  if (repeated === 0) return;
  throw new LinesSplit(
    `POST /v2/reports/olap of ${date}: ${repeated} of ${records.length} rows repeat the key of a ${what} (${field}), so some field splits it; the day was not taken`,
  );
}

/** Fields that a receipt takes from its lines. They are the same on each; the line with the smallest id is asked. */
const HEADER = [
  'Department.Id',
  'UniqOrderId.Id',
  'OrderNum',
  'OpenDate.Typed',
  'OpenTime',
  'CloseTime',
  'SessionID',
  'SessionNum',
  'CashRegisterName.Number',
  'FiscalChequeNumber',
  'OrderType.Id',
  'OrderType',
  'OrderDeleted',
  'SourceOrderId',
  'Cashier.Id',
  'Cashier',
  'OrderWaiter.Id',
  'OrderWaiter.Name',
];

function receiptRecord(id: string, lines: readonly Keyed[], payments: readonly Keyed[]): Record<string, unknown> {
  const first = lines.reduce((least, line) => (line.id < least.id ? line : least));
  const total = (field: string): unknown => sumOf(lines.map((line) => line[field]));
  const header = Object.fromEntries(HEADER.filter((field) => field in first).map((field) => [field, first[field]]));
  return {
    ...header,
    id,
    'OpenDate.Typed': accountingDay(first),
    Storned: lines.every((line) => line.Storned === 'TRUE') ? 'TRUE' : 'FALSE',
    lines: lines.length,
    DishSumInt: total('DishSumInt'),
    DishDiscountSumInt: total('DishDiscountSumInt'),
    DishReturnSum: total('DishReturnSum'),
    ...('VAT.Sum' in first ? { 'VAT.Sum': total('VAT.Sum') } : {}),
    ...('GuestNum' in first ? { GuestNum: mostOf(lines.map((line) => line.GuestNum)) } : {}),
    net: sumOf(lines.map(netOf)),
    paid: sumOf(payments.map((payment) => payment.DishDiscountSumInt)),
  };
}

/**
 * README.md §8. What a line is worth in the end. A refund's sum is negative and holds it already, or it is 0 and the
 * refund stands in `DishReturnSum` alone; it is never taken off twice.
 */
export function netOf(line: OlapRow): unknown {
  const { DishDiscountSumInt: revenue, DishReturnSum: returned } = line;
  const isNothing = isMissing(revenue) || decimalOf(revenue) === '0';
  if (!isNothing) return revenue;
  const refund = isMissing(returned) ? '0' : decimalOf(returned);
  return refund === undefined ? returned : negateDecimal(refund);
}

const isMissing = (value: unknown): boolean => value === null || value === undefined || value === '';

/**
 * A value that is missing counts as nothing. One that nobody can read becomes the sum, so that the receipt is
 * quarantined with its line and does not pass with a sum that is too small.
 */
function sumOf(values: readonly unknown[]): unknown {
  const there = values.filter((value) => !isMissing(value));
  const unreadable = there.find((value) => decimalOf(value) === undefined);
  return unreadable === undefined ? addDecimals(there.map(String)) : unreadable;
}

/** Guests are the order's, and stand on each of its lines. */
const mostOf = (values: readonly unknown[]): number =>
  values.reduce<number>((most, value) => Math.max(most, Number(decimalOf(value) ?? 0)), 0);
