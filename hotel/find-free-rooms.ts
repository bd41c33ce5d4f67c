import { sql } from 'kysely';
import type { Db } from '../db/connection.ts';
import { checkDates } from './check-dates.ts';
import { type Room, roomColumns } from './rooms.ts';
import type { FreeRoomsQuery } from './shapes.ts';

export interface FreeRoom extends Room {
  nights: number;
  /** Of the whole stay at the price of this moment, as decimal text. */
  total: string;
}

/** Rooms that are free for every night, cheapest first. One whose total no booking may have is left out. */
export async function findFreeRooms(db: Db, query: FreeRoomsQuery): Promise<FreeRoom[]> {
  const { checkIn, checkOut, class: of, kitchen, maxPrice, minArea } = query;
  checkDates(checkIn, checkOut);
  const { rows } = await sql<FreeRoom>`
    with asked as (select ${checkIn}::date as check_in, ${checkOut}::date as check_out)
    select ${roomColumns}, check_out - check_in as nights, price_per_night * (check_out - check_in) as total
    from hotel.rooms r cross join asked
    where not exists (select from hotel.bookings b
        where b.room_id = r.id and b.check_in < asked.check_out and b.check_out > asked.check_in)
      and (${of ?? null}::text is null or class = ${of ?? null})
      and (${kitchen ?? null}::boolean is null or has_kitchen = ${kitchen ?? null})
      and (${maxPrice ?? null}::numeric is null or price_per_night <= ${maxPrice ?? null}::numeric)
      and (${minArea ?? null}::integer is null or area >= ${minArea ?? null}::integer)
      and price_per_night * (check_out - check_in) <= 999999
    order by price_per_night, id`.execute(db);
  return rows;
}
