import type { AskDatabase } from '../define-source.ts';

/** Invented. Ids are given, so that filling a hotel twice makes nothing twice. */
const rooms = [
  { id: 101, area: 14, price_per_night: '2400.00', class: 'standard', has_kitchen: false, rooms_count: 1 },
  { id: 102, area: 16, price_per_night: '2600.00', class: 'standard', has_kitchen: false, rooms_count: 1 },
  { id: 103, area: 18, price_per_night: '2850.50', class: 'standard', has_kitchen: true, rooms_count: 1 },
  { id: 104, area: 18, price_per_night: '2850.50', class: 'standard', has_kitchen: true, rooms_count: 1 },
  { id: 201, area: 24, price_per_night: '4200.00', class: 'comfort', has_kitchen: false, rooms_count: 1 },
  { id: 202, area: 26, price_per_night: '4500.00', class: 'comfort', has_kitchen: true, rooms_count: 2 },
  { id: 203, area: 31, price_per_night: '4999.90', class: 'comfort', has_kitchen: true, rooms_count: 2 },
  { id: 301, area: 48, price_per_night: '9800.00', class: 'luxury', has_kitchen: true, rooms_count: 3 },
  { id: 302, area: 62, price_per_night: '12500.00', class: 'luxury', has_kitchen: true, rooms_count: 3 },
];

const names = [
  ['Сорокина', 'Вера', 'Павловна'],
  ['Лебедев', 'Глеб', 'Ильич'],
  ['Журавлёва', 'Нина', null],
  ['Чижов', 'Тимур', 'Олегович'],
  ['Синицына', 'Лидия', 'Егоровна'],
  ['Дроздов', 'Марк', null],
  ['Скворцова', 'Алла', 'Юрьевна'],
  ['Голубев', 'Семён', 'Львович'],
  ['Ласточкина', 'Инна', 'Марковна'],
  ['Филин', 'Роман', 'Денисович'],
  ['Зимородок', 'Яна', null],
  ['Стрижова', 'Ольга', 'Антоновна'],
] as const;

const guests = names.map(([last_name, first_name, middle_name], at) => ({
  id: at + 1,
  last_name,
  first_name,
  middle_name,
  passport_series: '0000',
  passport_number: String(100_001 + 37 * at),
  phone: at % 4 === 3 ? null : `90000000${String(at + 10)}`,
}));

/** Days are counted from today; below 0 is over, 0 is arriving. */
const bookings = [
  { id: 1, room_id: 101, from: -9, to: -5, guest_ids: [1] },
  { id: 2, room_id: 202, from: -7, to: -2, guest_ids: [2, 3] },
  { id: 3, room_id: 301, from: -4, to: -1, guest_ids: [4] },
  { id: 4, room_id: 102, from: -3, to: 0, guest_ids: [5] },
  { id: 5, room_id: 201, from: -2, to: 3, guest_ids: [6, 7] },
  { id: 6, room_id: 302, from: -1, to: 5, guest_ids: [8, 9, 10] },
  { id: 7, room_id: 103, from: 0, to: 2, guest_ids: [11] },
  { id: 8, room_id: 102, from: 0, to: 4, guest_ids: [12] },
  { id: 9, room_id: 104, from: 1, to: 3, guest_ids: [1] },
  { id: 10, room_id: 203, from: 2, to: 9, guest_ids: [3, 2] },
  { id: 11, room_id: 201, from: 3, to: 6, guest_ids: [4] },
  { id: 12, room_id: 301, from: 12, to: 15, guest_ids: [5, 6] },
];

const BOOKED_AHEAD_DAYS = 14;

/** Fills the tables with a small hotel: rooms of each class, guests, stays that are over, going on and to come. */
export async function fillHotel(ask: AskDatabase): Promise<void> {
  await ask(
    `insert into hotel.rooms (id, area, price_per_night, class, has_kitchen, rooms_count)
     select id, area, price_per_night, class, has_kitchen, rooms_count from jsonb_to_recordset($1::jsonb)
       as r (id integer, area integer, price_per_night numeric, class text, has_kitchen boolean, rooms_count integer)
     on conflict do nothing`,
    [JSON.stringify(rooms)],
  );
  await ask(
    `insert into hotel.guests (id, last_name, first_name, middle_name, passport_series, passport_number, phone)
     select id, last_name, first_name, middle_name, passport_series, passport_number, phone from jsonb_to_recordset($1::jsonb)
       as g (id integer, last_name text, first_name text, middle_name text, passport_series text, passport_number text, phone text)
     on conflict do nothing`,
    [JSON.stringify(guests)],
  );
  const days = `jsonb_to_recordset($1::jsonb) as b (id integer, room_id integer, "from" integer, "to" integer, guest_ids integer[])`;
  await ask(
    `insert into hotel.bookings (id, booked_on, check_in, check_out, room_id)
     select id, least(hotel.today(), hotel.today() + "from" - ${BOOKED_AHEAD_DAYS}), hotel.today() + "from", hotel.today() + "to", room_id
     from ${days} on conflict do nothing`,
    [JSON.stringify(bookings)],
  );
  await ask(
    `insert into hotel.booking_guests (booking_id, guest_id)
     select b.id, guest_id from ${days} join hotel.bookings using (id) cross join unnest(b.guest_ids) with ordinality as g (guest_id, at)
     order by b.id, at on conflict do nothing`,
    [JSON.stringify(bookings)],
  );
}
