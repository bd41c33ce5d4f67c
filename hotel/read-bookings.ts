import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { type ListPage, pageOf, parseCursor } from './paging.ts';
import { notFound } from './rows.ts';

export interface BookingGuest {
  id: number;
  last_name: string;
  first_name: string;
  middle_name: string | null;
  phone: string | null;
}

export interface Booking {
  id: number;
  booked_on: string;
  check_in: string;
  check_out: string;
  nights: number;
  room_id: number;
  /** Decimal text: the price it was made at, and what it costs in all. */
  price_per_night: string;
  total: string;
  /** Null without a card (cash). The number itself is read by `showCard`. */
  card_last4: string | null;
  card_length: number | null;
  /** The first one is whom the booking is for. */
  guests: BookingGuest[];
  created_at: Date;
  updated_at: Date;
  version: number;
}

export interface BookingQuery {
  /** Stays that have a night between these days. */
  from?: string | undefined;
  to?: string | undefined;
  room?: number | undefined;
  guest?: number | undefined;
  limit?: number | undefined;
  after?: string | undefined;
}

const columns = sql`b.id, b.booked_on, b.check_in, b.check_out, b.check_out - b.check_in as nights, b.room_id,
  b.price_per_night, b.total, b.card_last4, b.card_length, b.created_at, b.updated_at, b.version,
  (select coalesce(json_agg(json_build_object('id', g.id, 'last_name', g.last_name, 'first_name', g.first_name,
      'middle_name', g.middle_name, 'phone', g.phone) order by l.ordinal), '[]')
    from hotel.booking_guests l join hotel.guests g on g.id = l.guest_id where l.booking_id = b.id) as guests`;

/** Bookings by arrival. */
export async function listBookings(db: Db, query: BookingQuery): Promise<ListPage<Booking>> {
  const { from, to, room, guest, limit = 50, after } = query;
  const start = parseCursor(after, z.tuple([z.iso.date(), z.int()]));
  const conditions = [
    sql`true`,
    ...(from === undefined ? [] : [sql`b.check_out > ${from}::date`]),
    ...(to === undefined ? [] : [sql`b.check_in <= ${to}::date`]),
    ...(room === undefined ? [] : [sql`b.room_id = ${room}`]),
    ...(guest === undefined
      ? []
      : [sql`exists (select from hotel.booking_guests l where l.booking_id = b.id and l.guest_id = ${guest})`]),
    ...(start ? [sql`(b.check_in, b.id) > (${start[0]}::date, ${start[1]}::integer)`] : []),
  ];
  const { rows } = await sql<Booking>`
    select ${columns} from hotel.bookings b where ${sql.join(conditions, sql` and `)}
    order by b.check_in, b.id limit ${limit + 1}`.execute(db);
  return pageOf(rows, limit, (booking) => [booking.check_in, booking.id]);
}

export async function readBooking(db: Db, id: number): Promise<Booking> {
  const { rows } = await sql<Booking>`select ${columns} from hotel.bookings b where b.id = ${id}`.execute(db);
  if (!rows[0]) throw notFound('bookings', id);
  return rows[0];
}
