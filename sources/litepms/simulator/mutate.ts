import { statusName } from './booking-record.ts';
import type { Clock } from './days.ts';
import type { HotelParts } from './methods.ts';
import type { Fields, Mutations, RawBooking, RawClient, RawRoom } from './types.ts';
import type { Webhooks } from './webhooks.ts';

/** Changes at the vendor, those of bookings with their webhook. */
export function createMutations(hotels: readonly HotelParts[], clock: Clock, webhooks: Webhooks): Mutations {
  function at(name: string): HotelParts {
    const parts = hotels.find(({ hotel }) => hotel.name === name);
    if (!parts) throw new RangeError(`The LitePMS simulator has no hotel ${name}`);
    return parts;
  }

  function known<T>(record: T | undefined, what: string, id: string): T {
    if (record === undefined) throw new RangeError(`The LitePMS simulator has no ${what} ${id}`);
    return record;
  }

  /** What the vendor keeps in step: the status's name, and the copy of the guest. */
  function following({ store }: HotelParts, patch: Fields): Fields {
    const client = typeof patch.client_id === 'string' ? store.client(patch.client_id) : undefined;
    return {
      ...(typeof patch.status_id === 'string' && { status_name: statusName(patch.status_id) }),
      ...(client && { client_name: client.name, client_surname: client.surname, client_phone: client.phone ?? '' }),
    };
  }

  function putBooking(parts: HotelParts, type: string, booking: RawBooking): RawBooking {
    const { hotel, store, recordFaults } = parts;
    store.putBooking(booking, type === 'edit_booking' && recordFaults.isMissed(booking.id));
    webhooks.ofBooking(hotel.name, type, booking);
    return booking;
  }

  return {
    createBooking(name, over = {}) {
      const parts = at(name);
      const now = clock.now(parts.hotel.timezone);
      const fresh = { ...parts.store.world.booking(parts.store.nextBookingIndex()), date: now, last_update: now };
      return putBooking(parts, 'new_booking', { ...fresh, ...following(parts, over), ...over });
    },
    editBooking(name, id, patch) {
      const parts = at(name);
      const before = known(parts.store.booking(id), 'booking', id);
      const last_update = clock.now(parts.hotel.timezone);
      return putBooking(parts, 'edit_booking', { ...before, ...following(parts, patch), last_update, ...patch, id });
    },
    deleteBooking(name, id) {
      const { hotel, store } = at(name);
      const before = known(store.booking(id), 'booking', id);
      store.deleteBooking(id, clock.today(hotel.timezone));
      webhooks.ofBooking(hotel.name, 'delete_booking', before);
    },
    restoreBooking(name, id) {
      const parts = at(name);
      const before = known(parts.store.deletedBooking(id), 'deleted booking', id);
      return putBooking(parts, 'new_booking', { ...before, last_update: clock.now(parts.hotel.timezone) });
    },
    createClient(name, over = {}) {
      const { hotel, store } = at(name);
      const id = typeof over.id === 'string' ? over.id : store.nextClientId();
      const client: RawClient = { ...store.world.clientRecord(id), date: clock.now(hotel.timezone), ...over, id };
      store.putClient(client);
      return client;
    },
    editClient(name, id, patch) {
      const { store } = at(name);
      const client: RawClient = { ...known(store.client(id), 'client', id), ...patch, id };
      store.putClient(client);
      return client;
    },
    deleteClient(name, id) {
      const { store } = at(name);
      known(store.client(id), 'client', id);
      store.deleteClient(id);
    },
    createRoom(name, over = {}) {
      const { store } = at(name);
      const last = Math.max(...store.rooms().map((room) => Number(room.id)), 300);
      const room: RawRoom = { ...store.world.room(String(last + 1)), ...over };
      store.putRoom(room);
      return room;
    },
    editRoom(name, id, patch) {
      const { store } = at(name);
      const before = known(
        store.rooms().find((room) => room.id === id),
        'room',
        id,
      );
      const room: RawRoom = { ...before, ...patch, id };
      store.putRoom(room);
      return room;
    },
    deleteRoom(name, id) {
      if (!at(name).store.deleteRoom(id)) throw new RangeError(`The LitePMS simulator has no room ${id}`);
    },
  };
}
