import { sql } from 'kysely';
import type { Db } from '../db/connection.ts';

export interface BriefBooking {
  id: number;
  room_id: number;
  check_in: string;
  check_out: string;
}

/** What deleting something takes along. Of each the first bookings by arrival, and how many there are. */
export interface GoesAlong {
  deleted: BriefBooking[];
  deleted_count: number;
  /** Bookings that stay, but without this guest. */
  kept: BriefBooking[];
  kept_count: number;
}

const MOST_SHOWN = 20;

/** What goes with a room or a guest; with a booking only its own record goes. */
export async function whatGoesAlong(db: Db, what: { room: number } | { guest: number }): Promise<GoesAlong> {
  const concerned =
    'room' in what
      ? sql`select b.id, false as kept from hotel.bookings b where b.room_id = ${what.room}`
      : sql`select l.booking_id as id, exists (select from hotel.booking_guests o
            where o.booking_id = l.booking_id and o.guest_id <> l.guest_id) as kept
          from hotel.booking_guests l where l.guest_id = ${what.guest}`;
  const { rows } = await sql<BriefBooking & { kept: boolean; count: number }>`
    select * from (
      select b.id, b.room_id, b.check_in, b.check_out, c.kept, count(*) over (partition by c.kept)::int as count,
        row_number() over (partition by c.kept order by b.check_in, b.id) as place
      from (${concerned}) c join hotel.bookings b using (id)
    ) ranked where place <= ${MOST_SHOWN} order by place`.execute(db);
  const [kept, deleted] = [rows.filter((row) => row.kept), rows.filter((row) => !row.kept)];
  return {
    deleted: deleted.map(briefly),
    deleted_count: deleted[0]?.count ?? 0,
    kept: kept.map(briefly),
    kept_count: kept[0]?.count ?? 0,
  };
}

const briefly = ({ id, room_id, check_in, check_out }: BriefBooking): BriefBooking => ({
  id,
  room_id,
  check_in,
  check_out,
});
