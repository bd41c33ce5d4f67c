import { amountText, sum } from './amounts.ts';
import { factsOf } from './olap-fields.ts';
import type { Receipt, TrueLine, TruePayment, TrueReceipt, Truth } from './types.ts';
import type { World } from './world.ts';

/** What a complete mirror must hold, of accounting days `from`…`to`; lists without what is hidden or removed. */
export function readTruth(world: World, from: string, to: string): Truth {
  const { corporation, catalogue, hidden } = world;
  const receipts = world.days(from, to).flatMap((date) => world.day(date));
  const lines = receipts.flatMap(linesOf);
  const stores = corporation.stores.filter(({ id }) => !hidden.has(id));
  const storeIds = new Set<string | null>([null, ...stores.map(({ id }) => id)]);
  const different = (ids: string[]): string[] => [...new Set(ids)].sort();
  return {
    departments: corporation.departments.filter(({ id }) => !hidden.has(id)),
    stores,
    products: [...catalogue.products.values()],
    groups: [...catalogue.groups.values()],
    categories: [...catalogue.categories.values()],
    shifts: world.shifts.list(from, to),
    receipts: receipts.filter(({ lines }) => lines.length > 0).map(receiptOf),
    lines,
    payments: receipts.flatMap(paymentsOf),
    goneProductIds: different(lines.flatMap((each) => (catalogue.products.has(each.productId) ? [] : each.productId))),
    goneStoreIds: different(lines.flatMap(({ storeId }) => (storeId === null || storeIds.has(storeId) ? [] : storeId))),
  };
}

function receiptOf(receipt: Receipt): TrueReceipt {
  const { lines } = receipt;
  return {
    departmentId: receipt.department.olapId,
    orderId: receipt.id,
    date: receipt.date,
    openTime: receipt.openTime,
    closeTime: receipt.closeTime,
    number: receipt.number,
    guests: receipt.guests,
    lines: lines.length,
    sum: amountText(sum(lines.map((line) => line.sum))),
    revenue: amountText(sum(lines.map((line) => line.revenue))),
    returned: amountText(sum(lines.map((line) => line.returned))),
    vat: amountText(sum(lines.map((line) => line.vat))),
    deleted: receipt.deleted,
    sourceOrderId: receipt.sourceOrderId,
  };
}

const linesOf = (receipt: Receipt): TrueLine[] =>
  receipt.lines.map((line) => ({
    departmentId: receipt.department.olapId,
    orderId: receipt.id,
    lineId: line.id,
    productId: line.productId,
    storeId: line.storeId,
    quantity: amountText(line.quantity),
    sum: amountText(line.sum),
    revenue: amountText(line.revenue),
    returned: amountText(line.returned),
    storned: line.storned,
  }));

/** What the receipt comes to, in the shares of its payments; payments of one type are one. */
function paymentsOf(receipt: Receipt): TruePayment[] {
  const byType = Map.groupBy(factsOf(receipt, true, false), ({ payment }) => payment.typeId);
  return [...byType].map(([typeId, facts]) => ({
    departmentId: receipt.department.olapId,
    orderId: receipt.id,
    typeId,
    operation: receipt.sourceOrderId ? 'STORNED' : (facts[0]?.payment.operation ?? ''),
    amount: amountText(sum(facts.map(({ revenue }) => revenue))),
  }));
}
