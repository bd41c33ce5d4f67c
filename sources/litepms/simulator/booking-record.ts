import { wallTime } from './days.ts';
import type { Person } from './people.ts';
import { createRandom, hash, int, pick } from './random.ts';
import type { RawBooking } from './types.ts';

const STATUS_NAMES: Readonly<Record<string, string>> = {
  1: 'not_confirmed',
  2: 'confirmed',
  3: 'canceled',
  4: 'departure',
  5: 'not_going',
  6: 'accommodation',
  8: 'reserved',
  9: 'overbook',
};
export const statusName = (id: string): string => STATUS_NAMES[id] ?? '';

const CHANNELS = ['', '', 'Booking.test', 'Виджет &quot;Сайт&quot;', 'Островок-тест'];
/** One in so many stays is near today, so that small worlds have guests in the house, too. */
const NEAR_TODAY = 8;
const FURTHEST_AHEAD_DAYS = 90;

/** The days of a booking, counted from 1970-01-01. Cheap: a world of a million asks for all of them at once. */
export interface BookingDays {
  arrival: number;
  departure: number;
  created: number;
  updated: number;
}

export function bookingDays(seed: number, index: number, today: number, historyDays: number): BookingDays {
  const draw = (salt: number, below: number): number => hash(seed, salt, index) % below;
  const near = index % NEAR_TODAY === 0;
  const arrival = today + (near ? draw(41, 9) - 4 : draw(42, historyDays + FURTHEST_AHEAD_DAYS) - historyDays);
  const departure = arrival + 1 + draw(43, 7);
  const created = Math.min(arrival - draw(44, 60), today - draw(45, 20));
  const updated = Math.min(today, created + draw(46, Math.max(1, departure + 2 - created)));
  return { arrival, departure, created, updated };
}

interface BookingFacts {
  id: string;
  number: number;
  index: number;
  days: BookingDays;
  today: number;
  clientId: string;
  /** The guest, also when he has no card. */
  person: Person;
  room: { id: string; name: string; cat_id: string } | null;
}

/** Every field of section 6.2 of the API notes, as text. */
export function createBookingRecord(seed: number, facts: BookingFacts): RawBooking {
  const { days, person, room, index } = facts;
  const random = createRandom(hash(seed, 47, index));
  const status = statusOn(days, facts.today, random());
  const nights = days.departure - days.arrival;
  const price = nights * (2000 + int(random, 50) * 100);
  const channel = pick(random, CHANNELS);
  return {
    id: facts.id,
    booking_id: String(facts.number),
    author_id: '77',
    author_name: 'Администратор',
    date: wallTime(days.created, 0, 0, int(random, 30)),
    last_update: wallTime(days.updated, 0, 0, 30 + int(random, 30)),
    stayprice: `${price}.00`,
    stayprice_type: '0',
    is_bed: '0',
    bed_id: '0',
    client_id: facts.clientId,
    client_name: person.name,
    client_surname: person.surname,
    client_middlename: person.middlename,
    client_phone: person.phone,
    client_email: person.email,
    client_address: '',
    client_booking_comment: random() < 0.2 ? 'Поздний заезд &amp; детская кроватка ' : '',
    comment: random() < 0.2 ? 'Просит номер &laquo;с видом&raquo;' : '',
    date_in: wallTime(days.arrival, 14),
    date_out: wallTime(days.departure, 12),
    early_time_in: random() < 0.05 ? '1' : '0',
    late_time_out: '0',
    person: String(1 + int(random, 3)),
    person_add: String(int(random, 2)),
    price: `${price + int(random, 4) * 250}.00`,
    payed: random() < 0.5 ? '0.00' : `${Math.floor(price / 3)}.50`,
    room_id: room?.id ?? '0',
    room_name: room?.name ?? '',
    cat_id: room?.cat_id ?? '0',
    status_id: status,
    status_name: statusName(status),
    service_id: channel === '' ? '0' : String(CHANNELS.indexOf(channel)),
    // Working clients read the one name, the vendor's field list has the other.
    [index % 3 === 0 ? 'service_name' : 'service_title']: channel,
    service_number: channel === '' ? '' : `T-${index + 1}`,
  };
}

function statusOn({ arrival, departure }: BookingDays, today: number, draw: number): string {
  if (draw < 0.08) return '3';
  if (departure < today) return draw < 0.12 ? '5' : '4';
  if (arrival < today) return '6';
  if (draw < 0.7) return '2';
  return draw < 0.85 ? '1' : draw < 0.95 ? '8' : '9';
}
