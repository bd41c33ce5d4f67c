import { dayNumber } from './days.ts';
import { createCategories } from './room-record.ts';
import type { Fields, RawBooking, RawClient, RawRoom } from './types.ts';
import type { World } from './world.ts';

export type Store = ReturnType<typeof createStore>;

/** One hotel as it is now: the seeded world, and over it what has changed since. */
export function createStore(world: World) {
  const bookings = new Map<string, RawBooking>();
  const clients = new Map<string, RawClient>();
  const rooms = new Map(world.roomIds().map((id) => [id, world.room(id)]));
  const categories = createCategories();
  const deletedBookings = new Set<string>();
  const deletedClients = new Set<string>();
  const createdClients: string[] = [];
  let bookingCount = world.counts.bookings;
  let clientList: string[] | undefined;

  /** Days of change, arrival and departure by a booking's index; made when first asked for. */
  let calendar: { changed: number[]; arrival: number[]; departure: number[] } | undefined;
  function days() {
    if (calendar) return calendar;
    const all = Array.from({ length: world.counts.bookings }, (_, index) => world.days(index));
    calendar = {
      changed: all.map((each) => each.updated),
      arrival: all.map((each) => each.arrival),
      departure: all.map((each) => each.departure),
    };
    return calendar;
  }

  function booking(id: string): RawBooking | undefined {
    if (deletedBookings.has(id)) return undefined;
    const index = world.bookingIndex(id);
    return bookings.get(id) ?? (index >= 0 && index < world.counts.bookings ? world.booking(index) : undefined);
  }

  return {
    world,
    booking,
    nextBookingIndex: (): number => bookingCount,
    nextClientId: (): string => world.createdClientId(createdClients.length),
    bookingIds: (): string[] =>
      Array.from({ length: bookingCount }, (_, index) => world.bookingId(index)).filter(
        (id) => !deletedBookings.has(id),
      ),
    /** Ids of bookings, deleted ones included, that `fits` says yes to. */
    bookingsBy(fits: (changed: number, arrival: number, departure: number) => boolean): string[] {
      const { changed, arrival, departure } = days();
      const found: string[] = [];
      for (let index = 0; index < bookingCount; index++)
        if (fits(changed[index] as number, arrival[index] as number, departure[index] as number))
          found.push(world.bookingId(index));
      return found;
    },
    isDeleted: (id: string): boolean => deletedBookings.has(id),
    /** `unseen`: the change list keeps quiet about it. */
    putBooking(record: RawBooking, unseen = false): void {
      const index = world.bookingIndex(record.id);
      const all = days();
      bookingCount = Math.max(bookingCount, index + 1);
      bookings.set(record.id, record);
      deletedBookings.delete(record.id);
      if (!unseen) all.changed[index] = dayNumber(record.last_update);
      all.arrival[index] = dayNumber(record.date_in);
      all.departure[index] = dayNumber(record.date_out);
    },
    deleteBooking(id: string, today: string): void {
      days().changed[world.bookingIndex(id)] = dayNumber(today);
      deletedBookings.add(id);
    },
    deletedBookingIds: (): string[] => [...deletedBookings],
    /** As it was when it was deleted. */
    deletedBooking: (id: string): RawBooking | undefined =>
      deletedBookings.has(id) ? (bookings.get(id) ?? world.booking(world.bookingIndex(id))) : undefined,

    client: (id: string): RawClient | undefined =>
      deletedClients.has(id) ? undefined : (clients.get(id) ?? world.client(id)),
    /** Ids of the list, oldest first. */
    clientIds(): string[] {
      clientList ??= [
        ...Array.from({ length: world.counts.clients }, (_, index) => world.clientId(index)),
        ...createdClients,
      ].filter((id) => !deletedClients.has(id));
      return clientList;
    },
    putClient(record: RawClient): void {
      if (!clients.has(record.id) && !world.client(record.id)) createdClients.push(record.id);
      clients.set(record.id, record);
      deletedClients.delete(record.id);
      clientList = undefined;
    },
    deleteClient(id: string): void {
      deletedClients.add(id);
      clientList = undefined;
    },
    deletedClientIds: (): string[] => [...deletedClients],

    rooms: (): RawRoom[] => [...rooms.values()],
    putRoom: (record: RawRoom): unknown => rooms.set(record.id, record),
    deleteRoom: (id: string): boolean => rooms.delete(id),
    categories: (): Fields[] => categories,
  };
}
