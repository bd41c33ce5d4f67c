import { DateTime } from 'luxon';
import type { Db } from '../../db/connection.ts';
import type { Account } from '../../sources/define-source.ts';
import type {
  Fields,
  Hotel,
  LitepmsSimulator,
  RawBooking,
  RawClient,
  RawRoom,
} from '../../sources/litepms/simulator.ts';
import { type Expected, expectRows, money, rowIds, type Shape, spokenText as text, without } from './expect-rows.ts';

/*
 * What the tables must hold, worked out from the vendor's raw records by rules of its own: nothing here is shared with the
 * mapping that is being tested.
 */

/** The hotels' accounts, as the settings would give them. `from`: the day of change that a first load goes back to. */
export function hotelAccounts({ url, hotels }: LitepmsSimulator, from = '2025-01-01'): Account[] {
  return hotels.map(({ name, login, apiKey, timezone, currency }) => ({
    source: 'litepms',
    name,
    baseUrl: url,
    timezone,
    currency,
    credentials: { login, apiKey },
    options: { from },
  }));
}

const day = (value: unknown): string | null =>
  String(value ?? '').startsWith('0000') || !value ? null : String(value);
const flag = (value: unknown): boolean => value === '1';
const idOrNone = (value: unknown): string | null => (value === '0' || value === '' ? null : String(value));

function instant(local: unknown, zone: string): string | null {
  const at = DateTime.fromFormat(String(local), 'yyyy-MM-dd HH:mm:ss', { zone });
  if (!at.isValid) throw new Error(`the simulator says ${JSON.stringify(local)}, which is no time`);
  return at.toJSDate().toISOString();
}

const STATUS = [
  '',
  'pending',
  'confirmed',
  'cancelled',
  'completed',
  'no_show',
  'checked_in',
  '',
  'pending',
  'overbooked',
];
const GENDER: Record<string, string> = { '1': 'male', '2': 'female' };

const mirrored = ({ id }: { id: string }, { name }: Hotel): Expected => ({
  source: 'litepms',
  external_id: id,
  account: name,
  deleted_at: null,
  source_updated_at: null,
});

function clientRow(client: RawClient, hotel: Hotel): Expected {
  return {
    ...mirrored(client, hotel),
    first_name: text(client.name),
    last_name: text(client.surname),
    middle_name: text(client.middlename),
    phone: text(client.phone),
    email: text(client.email),
    birthday: day(client.birthday),
    gender: GENDER[String(client.gender)] ?? null,
    language: null,
    address: text(client.address),
    comment: text(client.comment),
    category: null,
    document_type: text(client.doc_title),
    document_series: text(client.doc_series),
    document_number: text(client.doc_code),
    document_issued_at: day(client.doc_when),
    document_issued_by: text(client.doc_where),
    document_valid_until: day(client.doc_valid),
    is_vip: flag(client.vip),
    is_blacklisted: flag(client.bl),
    is_foreigner: flag(client.foreigner),
    source_created_at: instant(client.date, hotel.timezone),
    // biome-ignore format: a list of names
    additional_info: without(client as Fields, 'id', 'name', 'surname', 'middlename', 'phone', 'email', 'birthday', 'gender',
      'address', 'comment', 'doc_title', 'doc_series', 'doc_code', 'doc_where', 'doc_when', 'doc_valid', 'vip', 'bl',
      'foreigner', 'date'),
  };
}

function roomRow(room: RawRoom, hotel: Hotel): Expected {
  const { person, person_add: extra, category } = room as Fields;
  return {
    ...mirrored(room, hotel),
    name: text(room.name) ?? text(room.number),
    category: text((category as Fields | null)?.name),
    is_active: flag(room.active),
    area: /^\d+(\.\d+)?$/.test(String(room.area)) ? money(room.area) : null,
    capacity: Number(person) + Number(extra),
    price: money(room.price),
    source_created_at: null,
    additional_info: without(room as Fields, 'id', 'name', 'active', 'price'),
  };
}

function bookingRow(booking: RawBooking, hotel: Hotel, ids: { clients: Ids; rooms: Ids }): Expected {
  const zone = hotel.timezone;
  const clientId = idOrNone(booking.client_id);
  const roomId = idOrNone(booking.room_id);
  return {
    ...mirrored(booking, hotel),
    number: text(booking.booking_id),
    client_id: (clientId && ids.clients.get(clientId)) || null,
    client_external_id: clientId,
    room_id: (roomId && ids.rooms.get(roomId)) || null,
    room_external_id: roomId,
    car_id: null,
    car_external_id: null,
    status: STATUS[Number(booking.status_id)] || 'pending',
    source_status: text(booking.status_name),
    check_in: instant(booking.date_in, zone),
    check_out: instant(booking.date_out, zone),
    guests: Number(booking.person),
    extra_guests: Number(booking.person_add),
    price: money(booking.price),
    paid: money(booking.payed),
    deposit: null,
    currency: hotel.currency,
    channel: text(booking.service_title ?? booking.service_name),
    channel_number: text(booking.service_number),
    comment: text(booking.comment),
    client_comment: text(booking.client_booking_comment),
    source_created_at: instant(booking.date, zone),
    source_updated_at: instant(booking.last_update, zone),
    // biome-ignore format: a list of names
    additional_info: without(booking as Fields, 'id', 'booking_id', 'client_id', 'room_id', 'date', 'last_update', 'date_in',
      'date_out', 'person', 'person_add', 'price', 'payed', 'service_number', 'comment', 'client_booking_comment'),
  };
}

type Ids = Map<string, string>;

export interface ComparedHotels extends Omit<Shape, 'complete' | 'where'> {
  bookings?: (booking: RawBooking) => boolean;
}

/** Every column of `clients`, `rooms` and `bookings` holds what the hotels have; what is deleted there has a tombstone here. */
export async function expectHotelsMirrored(
  db: Db,
  simulator: LitepmsSimulator,
  { bookings: some = () => true, ...compared }: ComparedHotels = {},
): Promise<void> {
  const truth = simulator.truth();
  for (const hotel of simulator.hotels) {
    const { clients, rooms, bookings, goneClientIds } = truth[hotel.name]!;
    const where = `account = '${hotel.name}' and deleted_at is null`;
    const every = `account = '${hotel.name}'`;
    const ids = { clients: await rowIds(db, 'clients', every), rooms: await rowIds(db, 'rooms', every) };
    for (const id of goneClientIds) ids.clients.delete(id);
    const shape = { ...compared, where };
    await expectRows(
      db,
      'clients',
      clients.map((client) => clientRow(client, hotel)),
      shape,
    );
    await expectRows(
      db,
      'rooms',
      rooms.map((room) => roomRow(room, hotel)),
      shape,
    );
    const rows = bookings.filter(some).map((booking) => bookingRow(booking, hotel, ids));
    await expectRows(db, 'bookings', rows, { ...shape, complete: rows.length === bookings.length });
  }
}
