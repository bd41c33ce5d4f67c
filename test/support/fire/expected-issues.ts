import type { Vendors } from './vendors.ts';

/** `source entity id` of the records whose parent the vendor does not have: no other issue may be open. */
export function expectedIssues({ rentprog, litepms, iiko }: Vendors): string[] {
  const rented = rentprog.truth();
  const gone = new Set<unknown>(rented.goneClientIds);
  const served = iiko.truth();
  const nowhere = new Set([...served.goneProductIds, ...served.goneStoreIds]);
  return [
    ...rented.bookings.filter((booking) => gone.has(booking.client_id)).map(({ id }) => `rentprog bookings ${id}`),
    ...Object.values(litepms.truth()).flatMap(({ bookings, goneClientIds }) =>
      bookings.filter((booking) => goneClientIds.includes(booking.client_id)).map(({ id }) => `litepms bookings ${id}`),
    ),
    ...served.lines
      .filter((line) => nowhere.has(line.productId) || nowhere.has(line.storeId ?? ''))
      .map((line) => `iiko receipt_items ${line.departmentId}.${line.orderId}.${line.lineId}`),
  ].sort();
}
