/** A write that PostgreSQL has to refuse, what it says then, and the nearest write that it has to take. */
export interface ForbiddenWrite {
  title: string;
  refused: string;
  /** Name of the constraint; for a missing value `23502 <column>`, for a value of a wrong type its SQLSTATE. */
  by: string;
  accepted: string;
}

/** What every case begins with: rooms 1 (2500.50), 2 (99999), 3 (33333.30) and 4 (0.01), two guests, two stays in room 1. */
export const hotelFixture = `
  insert into hotel.rooms (id, area, price_per_night) values (1, 18, 2500.50), (2, 60, 99999), (3, 40, 33333.30), (4, 9, 0.01);
  insert into hotel.guests (id, last_name, first_name, passport_series, passport_number, phone)
    values (1, 'Вымышленная', 'Анна', '4510', '123456', '9001112233'), (2, 'Придуманный', 'Пётр', '4510', '123457', null);
  insert into hotel.bookings (id, check_in, check_out, room_id)
    values (1, hotel.today() + 10, hotel.today() + 14, 1), (2, hotel.today() + 20, hotel.today() + 22, 1);
  insert into hotel.booking_guests (booking_id, guest_id) values (1, 1), (1, 2), (2, 1);`;

export type Columns = Record<string, string>;

export const insertInto = (table: string, columns: Columns) =>
  `insert into hotel.${table} (${Object.keys(columns).join(', ')}) values (${Object.values(columns).join(', ')})`;
export const without = (columns: Columns, name: string) =>
  Object.fromEntries(Object.entries(columns).filter(([column]) => column !== name));

export const aGuest = {
  last_name: `'Третьякова'`,
  first_name: `'Ия'`,
  passport_series: `'4511'`,
  passport_number: `'000001'`,
};
export const guest = (over: Columns = {}) => insertInto('guests', { ...aGuest, ...over });
export const aRoom = { id: '10', area: '20', price_per_night: '1000' };
export const room = (over: Columns = {}) => insertInto('rooms', { ...aRoom, ...over });
export const day = (n: number) => `hotel.today() + ${n}`;
export const aBooking = { check_in: day(30), check_out: day(33), room_id: '1' };
export const booking = (over: Columns = {}) => insertInto('bookings', { ...aBooking, ...over });
/** In room 1, which is taken from day 10 to 14 and from 20 to 22. */
export const stay = (from: number, to: number) => booking({ check_in: day(from), check_out: day(to) });
export const text = (length: number) => `repeat('я', ${length})`;
/** What hotel/card.ts would store for a number of so many digits. */
export const card = (digits: number, last4 = '1234') => ({
  card_last4: `'${last4}'`,
  card_encrypted: `decode(repeat('00', ${33 + digits}), 'hex')`,
});
export const update = (table: string, set: string, where = 'id = 1') =>
  `update hotel.${table} set ${set} where ${where}`;

export const write = (title: string, refused: string, by: string, accepted: string): ForbiddenWrite => ({
  title,
  refused,
  by,
  accepted,
});
