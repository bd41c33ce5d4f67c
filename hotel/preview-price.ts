import { sql } from 'kysely';
import type { Db } from '../db/connection.ts';
import { checkDates } from './check-dates.ts';
import { findConflict, type Stay } from './find-conflict.ts';
import type { StayConflict } from './hotel-rule.ts';
import { notFound } from './rows.ts';
import { type RuleMessage, ruleMessages } from './rule-messages.ts';

export interface PricePreview {
  nights: number;
  price_per_night: string;
  total: string;
  /** The booking that has the room on one of the nights. */
  conflict: StayConflict | null;
  /** Rules that the booking would break. */
  problems: RuleMessage[];
}

/**
 * What a stay would cost if it were booked now. With `booking` it is that booking's stay which is to change: in its own room
 * it keeps its price.
 */
export async function previewPrice(db: Db, stay: Stay, booking: number | null = null): Promise<PricePreview> {
  checkDates(stay.check_in, stay.check_out);
  const { rows } = await sql<{ nights: number; price_per_night: string; total: string; too_dear: boolean }>`
    select nights, price_per_night, price_per_night * nights as total, price_per_night * nights > 999999 as too_dear
    from (
      select coalesce(b.price_per_night, r.price_per_night) as price_per_night,
        ${stay.check_out}::date - ${stay.check_in}::date as nights
      from hotel.rooms r left join hotel.bookings b on b.id = ${booking}::integer and b.room_id = r.id
      where r.id = ${stay.room_id}
    ) priced`.execute(db);
  const price = rows[0];
  if (!price) throw notFound('rooms', stay.room_id);
  const { too_dear: tooDear, ...amounts } = price;
  const conflict = (await findConflict(db, stay, booking)) ?? null;
  return { ...amounts, conflict, problems: tooDear ? [ruleMessages.bookings_total_check!] : [] };
}
