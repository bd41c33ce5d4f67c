import { DateTime } from 'luxon';
import { expect } from 'vitest';
import type { Db } from '../../db/connection.ts';
import type { RawBooking, RawCar, RawClient, RentprogSimulator } from '../../sources/rentprog/simulator.ts';
import { type Expected, expectRows, money, rowIds, type Shape, spokenText as text, without } from './expect-rows.ts';

/*
 * What the tables must hold, worked out from the vendor's raw records by rules of its own: nothing here is shared with the
 * mapping that is being tested.
 */
const day = (value: unknown): string | null => (value === null ? null : String(value));

/** `DD-MM-YYYY H:mm` of the branch's wall clock → the instant. */
function instant(local: unknown, zone: string): string | null {
  if (local === null) return null;
  const at = DateTime.fromFormat(String(local), 'dd-MM-yyyy H:mm', { zone });
  if (!at.isValid) throw new Error(`the simulator says ${JSON.stringify(local)}, which is no time`);
  return at.toJSDate().toISOString();
}

const STATUS: Record<string, string> = {
  Подтверждена: 'confirmed',
  Активная: 'checked_in',
  Отъездила: 'completed',
  'Вернуть залог': 'completed',
  Отмена: 'cancelled',
  'Отказ клиента': 'cancelled',
  'Нет машин': 'cancelled',
};

interface World {
  branchOf(companyId: number): { name: string; timezone: string; currency: string };
  /** Row ids by external id, as the tables have them. */
  clientRow(id: unknown): string | null;
  carRow(id: unknown): string | null;
}

function mirrored(record: { id: number; company_id: number }, { branchOf }: World): Expected {
  const { name } = branchOf(record.company_id);
  return {
    source: 'rentprog',
    external_id: String(record.id),
    account: name,
    deleted_at: null,
    source_updated_at: null,
  };
}

function clientRow(client: RawClient, world: World): Expected {
  const passport = text(client.passport_number);
  return {
    ...mirrored(client, world),
    first_name: text(client.name),
    last_name: text(client.lastname),
    middle_name: text(client.middlename),
    phone: text(client.phone),
    email: text(client.email),
    birthday: day(client.birthday),
    gender: null,
    language: text(client.lang),
    address: text(client.address),
    comment: text(client.dop_info),
    category: text(client.category),
    document_type: passport === null ? null : 'passport',
    document_series: text(client.passport_series),
    document_number: passport,
    document_issued_at: day(client.passport_issued_date),
    document_issued_by: text(client.passport_issued),
    document_valid_until: day(client.passport_expired_date),
    is_vip: null,
    is_blacklisted: client.category === 'Чёрный',
    is_foreigner: null,
    source_created_at: instant(client.created_at, world.branchOf(client.company_id).timezone),
    // biome-ignore format: a list of names
    additional_info: without(client, 'id', 'name', 'lastname', 'middlename', 'phone', 'email', 'lang', 'birthday',
      'address', 'dop_info', 'category', 'passport_series', 'passport_number', 'passport_issued', 'passport_issued_date',
      'passport_expired_date', 'created_at'),
  };
}

function carRow(car: RawCar, world: World): Expected {
  return {
    ...mirrored(car, world),
    name: text(car.car_name),
    category: text(car.car_class),
    is_active: car.active,
    plate: text(car.number),
    vin: text(car.vin),
    source_created_at: null,
    additional_info: without(car, 'id', 'car_name', 'number', 'vin', 'car_class', 'active'),
  };
}

function bookingRow(booking: RawBooking, world: World): Expected {
  const { timezone, currency } = world.branchOf(booking.company_id);
  return {
    ...mirrored(booking, world),
    number: text(booking.number),
    client_id: world.clientRow(booking.client_id),
    client_external_id: text(booking.client_id),
    room_id: null,
    room_external_id: null,
    car_id: world.carRow(booking.car_id),
    car_external_id: text(booking.car_id),
    status: booking.technical || booking.repair ? 'blocked' : (STATUS[booking.state] ?? 'pending'),
    source_status: text(booking.state),
    check_in: instant(booking.start_date, timezone),
    check_out: instant(booking.end_date, timezone),
    guests: null,
    extra_guests: null,
    price: money(booking.total),
    paid: null,
    deposit: money(booking.deposit),
    currency,
    channel: text(booking.source),
    channel_number: null,
    comment: text(booking.description),
    client_comment: null,
    source_created_at: instant(booking.created_at, timezone),
    // biome-ignore format: a list of names
    additional_info: without(booking, 'id', 'number', 'client_id', 'car_id', 'state', 'start_date', 'end_date',
      'created_at', 'total', 'deposit', 'source', 'description'),
  };
}

export interface Compared extends Shape {
  /** Leave out what the vendor has changed since the sync, or what a fault has disguised. */
  bookings?: (booking: RawBooking) => boolean;
  clients?: (client: RawClient) => boolean;
}

/** Every column of `clients`, `cars` and `bookings` holds what the vendor has, no row is missing and none is too many. */
export async function expectEqualToTruth(db: Db, simulator: RentprogSimulator, compared: Compared = {}): Promise<void> {
  const truth = simulator.truth();
  const [clientIds, carIds] = [await rowIds(db, 'clients', compared.where), await rowIds(db, 'cars', compared.where)];
  const shape = { ...compared, complete: !compared.bookings && !compared.clients };
  const [knownClients, knownCars] = [idsOf(truth.clients), idsOf(truth.cars)];
  const world: World = {
    branchOf: (companyId) => simulator.branches.find((branch) => branch.companyId === companyId)!,
    clientRow: (id) => (knownClients.has(id) ? (clientIds.get(String(id)) ?? 'no such row') : null),
    carRow: (id) => (knownCars.has(id) ? (carIds.get(String(id)) ?? 'no such row') : null),
  };
  const { bookings: someBookings = () => true, clients: someClients = () => true } = compared;
  const clients = truth.clients.filter(someClients).map((client) => clientRow(client, world));
  const bookings = truth.bookings.filter(someBookings).map((booking) => bookingRow(booking, world));
  // Whichever branch asks for a car that is in no list gets it.
  const missing = new Set(truth.missingCarIds);
  const cars = truth.cars.map((car) => ({
    ...carRow(car, world),
    ...(missing.has(car.id) && { account: expect.any(String) as unknown }),
  }));
  await expectRows(db, 'clients', clients, shape);
  await expectRows(db, 'cars', cars, shape);
  await expectRows(db, 'bookings', bookings, shape);
}

const idsOf = (records: readonly { id: number }[]): Set<unknown> => new Set(records.map((record) => record.id));
