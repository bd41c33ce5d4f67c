import { z } from 'zod';
import { subtractDecimal } from '../decimals.ts';
import { day, externalIdOf, idText, ownId, text } from '../fields.ts';
import { salePlace } from './day-records.ts';
import { defineMapping } from './define-mapping.ts';
import { decimal, localTime, whole, zonedAt } from './fields.ts';

const isTrue = (value: string | null): boolean => value?.toUpperCase() === 'TRUE';

/**
 * README.md §8. A receipt is put together from its lines (`day-records.ts`). `OrderNum` repeats and is no key. The
 * original of a refund may be older than the history, so nothing points at it by key.
 */
export const receipts = defineMapping({
  name: 'receipts',
  table: 'receipts',
  scope: 'account',
  key: (record) => externalIdOf(record.id),
  place: salePlace,
  references: [{ column: 'department_id', from: 'department_external_id', entity: 'departments', scope: 'account' }],
  schema: z.object({
    id: ownId,
    'Department.Id': ownId,
    'UniqOrderId.Id': ownId,
    OrderNum: text,
    FiscalChequeNumber: text,
    'OpenDate.Typed': day,
    OpenTime: localTime,
    CloseTime: localTime,
    SessionNum: text,
    'OrderType.Id': idText,
    OrderType: text,
    'OrderWaiter.Id': text,
    'OrderWaiter.Name': text,
    'Cashier.Id': text,
    Cashier: text,
    GuestNum: whole,
    OrderDeleted: text,
    Storned: text,
    SourceOrderId: idText,
    DishSumInt: decimal,
    DishDiscountSumInt: decimal,
    DishReturnSum: decimal,
    'VAT.Sum': decimal,
    net: decimal,
    paid: decimal,
  }),
  keep: ['OpenTime', 'CloseTime', 'OrderType.Id', 'OrderWaiter.Id', 'Cashier.Id', 'OrderDeleted'],
  toRow: (receipt, account) => ({
    department_external_id: receipt['Department.Id'],
    order_external_id: receipt['UniqOrderId.Id'],
    order_number: receipt.OrderNum,
    fiscal_cheque_number: receipt.FiscalChequeNumber,
    opened_at: zonedAt(receipt.OpenTime, receipt['Department.Id'], account),
    closed_at: zonedAt(receipt.CloseTime, receipt['Department.Id'], account),
    accounting_date: receipt['OpenDate.Typed'],
    session_number: receipt.SessionNum,
    order_type: receipt.OrderType ?? receipt['OrderType.Id'],
    waiter: receipt['OrderWaiter.Name'] ?? receipt['OrderWaiter.Id'],
    cashier: receipt.Cashier ?? receipt['Cashier.Id'],
    guests: receipt.GuestNum,
    total: receipt.DishDiscountSumInt,
    discount: subtractDecimal(receipt.DishSumInt ?? '0', receipt.DishDiscountSumInt ?? '0'),
    vat: receipt['VAT.Sum'],
    refund: receipt.DishReturnSum,
    net_total: receipt.net,
    paid: receipt.paid,
    is_deleted: receipt.OrderDeleted !== null && receipt.OrderDeleted !== 'NOT_DELETED',
    is_storned: isTrue(receipt.Storned),
    source_order_external_id: receipt.SourceOrderId,
    currency: account.currency,
  }),
});

/** README.md §8. One line of a receipt. Its product, store and receipt are looked for when they are not here. */
export const receiptItems = defineMapping({
  name: 'receipt_items',
  table: 'receipt_items',
  scope: 'account',
  key: (record) => externalIdOf(record.id),
  place: salePlace,
  references: [
    { column: 'receipt_id', from: 'receipt_external_id', entity: 'receipts', scope: 'account' },
    { column: 'product_id', from: 'product_external_id', entity: 'products', scope: 'account' },
    { column: 'store_id', from: 'store_external_id', entity: 'stores', scope: 'account' },
  ],
  schema: z.object({
    id: ownId,
    receipt: ownId,
    'SoldWithItem.Id': idText,
    DishId: idText,
    DishName: text,
    DishType: text,
    DishMeasureUnit: text,
    'Store.Id': idText,
    'OpenDate.Typed': day,
    DishAmountInt: decimal,
    DishSumInt: decimal,
    DishDiscountSumInt: decimal,
    DishReturnSum: decimal,
    DeletedWithWriteoff: text,
    Storned: text,
  }),
  keep: ['DeletedWithWriteoff'],
  toRow: (line) => ({
    receipt_external_id: line.receipt,
    sold_with_external_id: line['SoldWithItem.Id'],
    product_external_id: line.DishId,
    store_external_id: line['Store.Id'],
    name: line.DishName,
    type: line.DishType,
    unit: line.DishMeasureUnit,
    accounting_date: line['OpenDate.Typed'],
    quantity: line.DishAmountInt,
    price_total: line.DishSumInt,
    discount_total: subtractDecimal(line.DishSumInt ?? '0', line.DishDiscountSumInt ?? '0'),
    total: line.DishDiscountSumInt,
    return_total: line.DishReturnSum,
    is_deleted: line.DeletedWithWriteoff !== null && line.DeletedWithWriteoff !== 'NOT_DELETED',
    is_storned: isTrue(line.Storned),
  }),
});

/**
 * README.md §8. What of a receipt was paid by one type of payment; unpaid receipts have one row without a type's id.
 */
export const receiptPayments = defineMapping({
  name: 'receipt_payments',
  table: 'receipt_payments',
  scope: 'account',
  key: (record) => externalIdOf(record.id),
  place: salePlace,
  references: [{ column: 'receipt_id', from: 'receipt_external_id', entity: 'receipts', scope: 'account' }],
  schema: z.object({
    id: ownId,
    receipt: ownId,
    'PayTypes.GUID': idText,
    PayTypes: text,
    'PayTypes.Group': text,
    OperationType: text,
    'OpenDate.Typed': day,
    DishDiscountSumInt: decimal,
  }),
  keep: [],
  toRow: (payment) => ({
    receipt_external_id: payment.receipt,
    payment_type_external_id: payment['PayTypes.GUID'],
    payment_type: payment.PayTypes,
    payment_group: payment['PayTypes.Group'],
    operation: payment.OperationType,
    accounting_date: payment['OpenDate.Typed'],
    amount: payment.DishDiscountSumInt,
  }),
});
