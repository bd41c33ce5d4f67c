import { z } from 'zod';
import { defineEntity } from '../define-source.ts';
import { day, money, text, zoned } from '../fields.ts';
import { readInHouse } from '../in-house.ts';
import { idText, keyOf, ownId, versionOf } from './fields.ts';
import { selectBookings } from './records.ts';

/**
 * The client is the guest who was put down first. A day of the hotel becomes a moment by the account's `checkIn` and
 * `checkOut` hours; the status follows from the days alone.
 */
export const bookings = defineEntity({
  name: 'bookings',
  table: 'bookings',
  scope: 'account',
  key: keyOf,
  version: versionOf,
  references: [
    { column: 'client_id', from: 'client_external_id', entity: 'clients', scope: 'account' },
    { column: 'room_id', from: 'room_external_id', entity: 'rooms', scope: 'account' },
  ],
  ...readInHouse(selectBookings),
  absence: 'deleted',
  schema: z.object({
    id: ownId,
    check_in: day,
    check_out: day,
    room_id: idText,
    total: money,
    stage: text,
    guest_ids: z.array(z.int()).nullish(),
    created_at: text,
    updated_at: text,
  }),
  keep: ['check_in', 'check_out', 'guest_ids'],
  toRow: (booking, account) => ({
    number: String(booking.id),
    client_external_id: booking.guest_ids?.[0]?.toString() ?? null,
    room_external_id: booking.room_id,
    status: booking.stage ?? 'pending',
    source_status: booking.stage,
    check_in: zoned(booking.check_in && `${booking.check_in} ${account.options.checkIn}`, account),
    check_out: zoned(booking.check_out && `${booking.check_out} ${account.options.checkOut}`, account),
    guests: booking.guest_ids?.length ?? null,
    price: booking.total,
    currency: account.currency,
    source_created_at: booking.created_at,
    source_updated_at: booking.updated_at,
  }),
});
