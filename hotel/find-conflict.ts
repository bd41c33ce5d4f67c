import { sql } from 'kysely';
import type { Db } from '../db/connection.ts';
import type { StayConflict } from './hotel-rule.ts';

/** A stay that somebody would like to have. Days `YYYY-MM-DD` of the hotel's calendar. */
export interface Stay {
  room_id: number;
  check_in: string;
  check_out: string;
}

/** The first booking that has one of the nights of a stay; `except` is the booking that the stay itself belongs to. */
export async function findConflict(
  db: Db,
  stay: Stay,
  except: number | null = null,
): Promise<StayConflict | undefined> {
  const { rows } = await sql<StayConflict>`
    select id as booking_id, room_id, check_in, check_out from hotel.bookings
    where room_id = ${stay.room_id} and check_in < ${stay.check_out}::date and check_out > ${stay.check_in}::date
      and id is distinct from ${except}::integer
    order by check_in limit 1`.execute(db);
  return rows[0];
}
