import type { HotelParts } from './methods.ts';
import type { HotelTruth } from './types.ts';

/** What a complete mirror of the hotel must hold: every record as served without faults, by id. */
export function readTruth({ store, recordFaults }: HotelParts): HotelTruth {
  const bookings = store.bookingIds().flatMap((id) => store.booking(id) ?? []);
  const listed = store.clientIds();
  const inList = new Set(listed);
  const led = [...new Set(bookings.map((booking) => booking.client_id))].filter((id) => id !== '0' && !inList.has(id));
  const categories = new Map(store.categories().map((category) => [category.id, category]));
  return {
    bookings,
    clients: [...listed, ...led].flatMap((id) => store.client(id) ?? []),
    rooms: store.rooms().map((room) => ({ ...room, category: categories.get(room.cat_id) ?? null })),
    missingClientIds: led.filter((id) => store.client(id)),
    goneClientIds: led.filter((id) => !store.client(id)),
    deletedBookingIds: store.deletedBookingIds(),
    deletedClientIds: store.deletedClientIds(),
    brokenBookingIds: recordFaults.brokenIds(),
  };
}
