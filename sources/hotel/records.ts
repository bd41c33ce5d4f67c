/**
 * The records as the mirror gets them. Amounts and days are text, so that nothing goes through a float or a zone. Nothing of
 * a card is among them, not even its last digits.
 */
const times = (table: string) => `(${table}.created_at at time zone 'UTC')::text || 'Z' as created_at,
  (${table}.updated_at at time zone 'UTC')::text || 'Z' as updated_at, ${table}.version`;

export const selectGuests = `
  select g.id, g.last_name, g.first_name, g.middle_name, g.passport_series, g.passport_number, g.phone, ${times('g')}
  from hotel.guests g`;

export const selectRooms = `
  select r.id, r.area, r.price_per_night::text, r.class, r.has_kitchen, r.rooms_count, ${times('r')}
  from hotel.rooms r`;

/** `stage` follows from the hotel's calendar, so it changes without anybody changing the booking. */
export const selectBookings = `
  select b.id, b.booked_on::text, b.check_in::text, b.check_out::text, b.room_id, b.price_per_night::text, b.total::text,
    case when hotel.today() < b.check_in then 'confirmed' when hotel.today() < b.check_out then 'checked_in' else 'completed' end as stage,
    coalesce((select json_agg(l.guest_id order by l.ordinal) from hotel.booking_guests l where l.booking_id = b.id), '[]') as guest_ids,
    ${times('b')}
  from hotel.bookings b`;
