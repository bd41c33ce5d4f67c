import { type Amount, splitAmount } from './amounts.ts';
import { UNPAID } from './payments.ts';
import type { Line, Payment, Receipt } from './types.ts';
import type { World } from './world.ts';

/** One line of a receipt, or one payment's share of it. */
export interface Fact {
  receipt: Receipt;
  line: Line;
  payment: Payment;
  /** The line's measures, or the payment's share of them. */
  quantity: Amount;
  sum: Amount;
  revenue: Amount;
  returned: Amount;
  vat: Amount;
  /** Which half of a torn line this is (fault `splittingColumns`). */
  half: number;
}

type Value = string | number | null;
export type Dimension = (fact: Fact, world: World) => Value;

const flag = (value: boolean): string => (value ? 'TRUE' : 'FALSE');
const storeOf = ({ corporation }: World, id: string | null) => corporation.stores.find((store) => store.id === id);

/** Dimensions that tell payments apart: grouped by one, every line falls into the shares of its receipt's payments. */
export const PAYMENT_DIMENSIONS: Record<string, Dimension> = {
  PayTypes: ({ payment }) => payment.name,
  'PayTypes.GUID': ({ payment }) => payment.typeId,
  'PayTypes.Group': ({ payment }) => payment.group,
  'PaymentTransaction.Id': ({ payment }) => payment.id || null,
  OperationType: ({ payment, receipt }) => (receipt.sourceOrderId ? 'STORNED' : payment.operation),
};

export const DIMENSIONS: Record<string, Dimension> = {
  ...PAYMENT_DIMENSIONS,
  'Department.Id': ({ receipt }) => receipt.department.olapId,
  Department: ({ receipt }) => receipt.department.name,
  'UniqOrderId.Id': ({ receipt }) => receipt.id,
  OrderNum: ({ receipt }) => receipt.number,
  'OpenDate.Typed': ({ receipt }) => receipt.date,
  OpenTime: ({ receipt }) => receipt.openTime,
  CloseTime: ({ receipt }) => receipt.closeTime,
  SessionID: ({ receipt }) => receipt.sessionId,
  SessionNum: ({ receipt }) => receipt.sessionNumber,
  FiscalChequeNumber: ({ receipt }) => receipt.fiscalChequeNumber,
  'CashRegisterName.Number': () => 1,
  OrderType: ({ receipt }) => receipt.orderType.name,
  'OrderType.Id': ({ receipt }) => receipt.orderType.id,
  OrderDeleted: ({ receipt }) => (receipt.deleted ? 'DELETED' : 'NOT_DELETED'),
  SourceOrderId: ({ receipt }) => receipt.sourceOrderId,
  'OrderWaiter.Id': ({ receipt }) => receipt.waiter?.id ?? null,
  'OrderWaiter.Name': ({ receipt }) => receipt.waiter?.name ?? null,
  'WaiterName.ID': ({ receipt }) => receipt.waiter?.id ?? null,
  WaiterName: ({ receipt }) => receipt.waiter?.name ?? null,
  'Cashier.Id': ({ receipt }) => receipt.cashier.id,
  Cashier: ({ receipt }) => receipt.cashier.name,
  'ItemSaleEvent.Id': ({ line }) => line.id,
  'SoldWithItem.Id': ({ line }) => line.soldWith,
  DishId: ({ line }) => line.productId,
  DishCode: ({ line }) => line.code,
  DishName: ({ line }) => line.name,
  DishType: ({ line }) => line.type,
  DishMeasureUnit: ({ line }) => line.measureUnit,
  DishCategory: () => 'Блюда',
  Storned: ({ line }) => flag(line.storned),
  DeletedWithWriteoff: ({ line }) => line.writeoff,
  'Store.Id': ({ line }) => line.storeId,
  'Store.Name': ({ line }, world) => storeOf(world, line.storeId)?.name ?? null,
};

/** Measures that add up. */
export const SUMS: Record<string, (fact: Fact) => Amount> = {
  DishAmountInt: ({ quantity }) => quantity,
  DishSumInt: ({ sum }) => sum,
  DishDiscountSumInt: ({ revenue }) => revenue,
  DishReturnSum: ({ returned }) => returned,
  DiscountSum: ({ sum, revenue }) => sum - revenue,
  IncreaseSum: () => 0n,
  'VAT.Sum': ({ vat }) => vat,
};

/** Measures of the different receipts within a group. */
export const COUNTS: Record<string, (receipts: ReadonlySet<Receipt>) => number> = {
  GuestNum: (receipts) => [...receipts].reduce((guests, receipt) => guests + receipt.guests, 0),
  UniqOrderId: (receipts) => receipts.size,
  'UniqOrderId.OrdersCount': (receipts) => [...receipts].filter((receipt) => !receipt.sourceOrderId).length,
};

export const isMeasure = (field: string): boolean => Object.hasOwn(SUMS, field) || Object.hasOwn(COUNTS, field);
export const isField = (field: string): boolean => Object.hasOwn(DIMENSIONS, field) || isMeasure(field);

/** The facts of a receipt: its lines whole, in shares of its payments, or torn in two. */
export function factsOf(receipt: Receipt, byPayment: boolean, torn: boolean): Fact[] {
  const payments = receipt.payments.length > 0 ? receipt.payments : [UNPAID];
  const shares = byPayment ? payments : [payments[0] as Payment];
  const weights = torn ? shares.flatMap(() => [1n, 1n]) : shares.map(({ weight }) => weight);
  return receipt.lines.flatMap((line) => {
    const parts = {
      quantity: splitAmount(line.quantity, weights),
      sum: splitAmount(line.sum, weights),
      revenue: splitAmount(line.revenue, weights),
      returned: splitAmount(line.returned, weights),
      vat: splitAmount(line.vat, weights),
    };
    return weights.map((_, at) => ({
      receipt,
      line,
      payment: shares[torn ? Math.floor(at / 2) : at] as Payment,
      quantity: parts.quantity[at] as Amount,
      sum: parts.sum[at] as Amount,
      revenue: parts.revenue[at] as Amount,
      returned: parts.returned[at] as Amount,
      vat: parts.vat[at] as Amount,
      half: torn ? at % 2 : 0,
    }));
  });
}
