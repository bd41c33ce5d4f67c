import { type Clock, dayNumber, dayText } from './days.ts';
import type { RecordFaults } from './record-faults.ts';
import type { Result } from './replies.ts';
import type { Settings } from './settings.ts';
import type { Store } from './store.ts';
import type { Fields, Hotel } from './types.ts';

/** A method's parameters, from the query or the form. */
export type Params = URLSearchParams;

export interface HotelParts {
  hotel: Hotel;
  store: Store;
  recordFaults: RecordFaults;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const EARLIEST = '2015-01-02';

/** Section 3 of the API notes: each method's answer without its envelope. */
export function createMethods(settings: Settings, clock: Clock) {
  const { faults } = settings;

  function getBookings({ hotel, store, recordFaults }: HotelParts, params: Params): Result {
    const [start = '', finish = ''] = [params.get('start') ?? '', params.get('finish') ?? ''];
    if (!DAY.test(start) || !DAY.test(finish)) return { error: 'start or finish is not defined' };
    if (start < EARLIEST) return { error: 'start should be later 01-01-2015' };
    const today = dayNumber(clock.today(hotel.timezone)) - faults.daysBehind;
    if (dayNumber(finish) > today) return { error: `finish must be earlier${dayText(today + 1)}` };
    const [from, to] = [dayNumber(start), dayNumber(finish)];
    const changed = store.bookingsBy((day) => day - faults.daysBehind >= from && day - faults.daysBehind <= to);
    const ids = faults.listDeleted ? changed : changed.filter((id) => !store.isDeleted(id));
    return { data: recordFaults.withRepeats(ids).map((id) => ({ id })) };
  }

  function getBooking({ store, recordFaults }: HotelParts, params: Params): Result {
    const id = params.get('id') ?? '';
    if (id === '') return { error: 'reservation id is not defined' };
    const booking = recordFaults.suddenlyNotFound(id) ? undefined : store.booking(id);
    return booking ? { data: recordFaults.spoil('booking', booking) } : { error: 'reservation not found' };
  }

  function searchBooking({ store, recordFaults }: HotelParts, params: Params): Result {
    const [fromDay = '', toDay = ''] = [params.get('from_date') ?? '', params.get('to_date') ?? ''];
    if (!DAY.test(fromDay) || !DAY.test(toDay)) return { error: ['Вы не указали период'] };
    const [from, to] = [dayNumber(fromDay), dayNumber(toDay)];
    const within = (day: number): boolean => day >= from && day <= to;
    const byType: Record<string, () => string[]> = {
      booking: () =>
        store.bookingIds().filter((id) => within(dayNumber((store.booking(id)?.date as string) ?? '0000'))),
      checkin: () => store.bookingsBy((_, arrival) => within(arrival)),
      checkout: () => store.bookingsBy((_, __, departure) => within(departure)),
      stay: () => store.bookingsBy((_, arrival, departure) => arrival <= to && departure >= from),
    };
    const found = byType[params.get('type') ?? 'booking'];
    if (!found) return { error: 'type is wrong' };
    const ids = recordFaults.withRepeats(found().filter((id) => !store.isDeleted(id)));
    const page = pageOf(ids, params, settings.searchPageSize);
    return { data: page.ids.map((id) => shortRow(store.booking(id))), beside: page.beside };
  }

  function getClients({ store, recordFaults }: HotelParts, params: Params): Result {
    const listed = store.clientIds();
    const seen = faults.hideClients > 0 ? listed.filter((id) => !recordFaults.isHidden(id)) : listed;
    const page = pageOf(recordFaults.withRepeats(seen), params, settings.clientsPageSize);
    return {
      data: page.ids.flatMap((id) => recordFaults.spoil('client', store.client(id) ?? {})),
      beside: page.beside,
    };
  }

  function getClient({ store, recordFaults }: HotelParts, params: Params): Result {
    const id = params.get('id') ?? '';
    if (id === '') return { error: 'client id is not defined' };
    const client = recordFaults.suddenlyNotFound(id) ? undefined : store.client(id);
    return client ? { data: recordFaults.spoil('client', client) } : { error: 'client not found' };
  }

  const getRooms = ({ store, recordFaults }: HotelParts, params: Params): Result => ({
    data: byParam(store.rooms(), params.get('room_id')).map((room) => recordFaults.spoil('room', room)),
  });
  const getCategories = ({ store }: HotelParts, params: Params): Result => ({
    data: byParam(store.categories(), params.get('cat_id')),
  });

  const methods: Record<string, (parts: HotelParts, params: Params) => Result> = {
    getBookings,
    getBooking,
    searchBooking,
    getClients,
    getClient,
    getRooms,
    getCategories,
  };
  return (method: string): ((parts: HotelParts, params: Params) => Result) | undefined => methods[method];
}

function pageOf(ids: readonly string[], params: Params, size: number) {
  const page = Math.max(1, Number(params.get('page') ?? 1) || 1);
  const pages = Math.max(1, Math.ceil(ids.length / size));
  return { ids: ids.slice((page - 1) * size, page * size), beside: { page, pages, count: ids.length } };
}

const SHORT = ['id', 'booking_id', 'date_in', 'date_out', 'room_id', 'status_id', 'client_name', 'price'];
const shortRow = (booking: Fields = {}): Fields =>
  Object.fromEntries(SHORT.map((field) => [field, booking[field] ?? '']));

const byParam = (rows: Fields[], id: string | null): Fields[] => (id ? rows.filter((row) => row.id === id) : rows);
