import { sql } from 'kysely';
import type { Db } from '../db/connection.ts';
import { type Room, roomColumns } from './rooms.ts';

export interface BoardStay {
  booking_id: number;
  room_id: number;
  check_in: string;
  check_out: string;
  /** Last and first name of the guest the booking is for; null without one. */
  guest: string | null;
  guests: number;
}

export interface Board {
  /** The hotel's calendar day. */
  today: string;
  /** Days `YYYY-MM-DD`, one after the other. */
  days: string[];
  /** Every room, with its stays that have a night on one of the days or end on the first. */
  rooms: (Pick<Room, 'id' | 'class' | 'price_per_night'> & { stays: BoardStay[] })[];
  /** Of today, whatever days are shown. */
  arrivals: BoardStay[];
  departures: BoardStay[];
  in_house: BoardStay[];
}

export const MOST_DAYS = 92;

/** Rooms by days from `from` (today when it is not given), and who comes, goes and stays today. */
export async function readBoard(db: Db, { from, days }: { from?: string | undefined; days: number }): Promise<Board> {
  const count = Math.min(Math.max(1, Math.trunc(days)), MOST_DAYS);
  const shown = await sql<{ today: string; day: string }>`
    select hotel.today() as today, (coalesce(${from ?? null}::date, hotel.today()) + n) as day
    from generate_series(0, ${count - 1}::integer) n order by n`.execute(db);
  const list = shown.rows.map((row) => row.day);
  const today = shown.rows[0]?.today ?? '';
  const rooms = await sql<Room>`select ${roomColumns} from hotel.rooms order by id`.execute(db);
  const stays = await readStays(db, list[0] ?? today, list.at(-1) ?? today);
  const ofToday = await readStays(db, today, today);
  const byRoom = Map.groupBy(stays, (stay) => stay.room_id);
  return {
    today,
    days: list,
    rooms: rooms.rows.map(({ id, class: of, price_per_night }) => ({
      id,
      class: of,
      price_per_night,
      stays: byRoom.get(id) ?? [],
    })),
    arrivals: ofToday.filter((stay) => stay.check_in === today),
    departures: ofToday.filter((stay) => stay.check_out === today),
    in_house: ofToday.filter((stay) => stay.check_in <= today && stay.check_out > today),
  };
}

/** Stays that touch the days, the day of departure included. */
async function readStays(db: Db, first: string, last: string): Promise<BoardStay[]> {
  const { rows } = await sql<BoardStay>`
    select b.id as booking_id, b.room_id, b.check_in, b.check_out, g.guest, coalesce(g.guests, 0) as guests
    from hotel.bookings b left join lateral (
      select (array_agg(concat_ws(' ', p.last_name, p.first_name) order by l.ordinal))[1] as guest, count(*)::int as guests
      from hotel.booking_guests l join hotel.guests p on p.id = l.guest_id where l.booking_id = b.id
    ) g on true
    where b.check_in <= ${last}::date and b.check_out >= ${first}::date
    order by b.check_in, b.room_id`.execute(db);
  return rows;
}

/** The day it is by the hotel's calendar. */
export async function readToday(db: Db): Promise<string> {
  const { rows } = await sql<{ today: string }>`select hotel.today() as today`.execute(db);
  return rows[0]!.today;
}
